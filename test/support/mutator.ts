import { random } from './random.js';

/** Bytes that have broken parsers before. */
const FRAGMENTS = [
  ...[
    '__proto__',
    'constructor',
    'toString',
    '\r\n',
    '\n',
    '\0',
    '\x1b[2J',
    '\x7f',
    '%',
    '%00',
    '%ff',
    '%0d%0a',
    '../',
  ],
  ...[',', ';', '=', ':', '"', '\\', '{', '}', '[', '<script>', '-1', '1e999', 'NaN', '0x7f', '\u0660', '\u{1f600}'],
  ...['9'.repeat(24), ' '.repeat(80), ','.repeat(80), '['.repeat(80), '{"a":'.repeat(40), 'a=1,'.repeat(60)],
].map((text) => Buffer.from(text));
/** Overlong, cut and impossible UTF-8, a varint without an end. */
const OCTETS = ['c080', 'eda080', 'f4908080', 'e282', 'fffe', '80'.repeat(12), 'ffffffffffffffffff01'];
const DICTIONARY: readonly Buffer[] = [...FRAGMENTS, ...OCTETS.map((hex) => Buffer.from(hex, 'hex'))];
const EDGES = [0x00, 0x01, 0x0a, 0x20, 0x2c, 0x7f, 0x80, 0xff];

/** Bytes on the edge of what is legal: some of `seeds`, each changed in a few places. The same `seed` gives the same bytes. */
export class Mutator {
  readonly #seeds: readonly Buffer[];
  readonly #next: () => number;

  constructor(seed: number, seeds: readonly (string | Uint8Array)[]) {
    this.#seeds = seeds.map((given) => Buffer.from(given));
    this.#next = random(seed);
  }

  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T; // below the length
  }

  bytes(): Buffer {
    let bytes = this.pick(this.#seeds);
    for (let edits = this.below(5); edits > 0; edits--) bytes = this.pick(EDITS)(bytes, this);
    return bytes;
  }

  text(): string {
    return this.bytes().toString(this.below(2) === 0 ? 'latin1' : 'utf8');
  }

  seed(): Buffer {
    return this.pick(this.#seeds);
  }
}

const spliced = (bytes: Buffer, from: number, to: number, ...put: readonly Uint8Array[]): Buffer =>
  Buffer.concat([bytes.subarray(0, from), ...put, bytes.subarray(to)]);

const EDITS: readonly ((bytes: Buffer, at: Mutator) => Buffer)[] = [
  (bytes, at) => flipped(bytes, at.below(bytes.length), 1 << at.below(8)),
  (bytes, at) => replaced(bytes, at.below(bytes.length), at.pick(EDGES)),
  (bytes, at) => inserted(bytes, at, at.pick(DICTIONARY)),
  (bytes, at) => inserted(bytes, at, at.seed()),
  (bytes, at) => removed(bytes, at),
  (bytes, at) => bytes.subarray(0, at.below(bytes.length + 1)),
  (bytes, at) => repeated(bytes, at),
];

function flipped(bytes: Buffer, index: number, mask: number): Buffer {
  return bytes.length === 0 ? bytes : replaced(bytes, index, (bytes[index] as number) ^ mask);
}

function replaced(bytes: Buffer, index: number, value: number): Buffer {
  return spliced(bytes, index, index + 1, Buffer.from([value]));
}

function inserted(bytes: Buffer, at: Mutator, piece: Buffer): Buffer {
  const place = at.below(bytes.length + 1);
  return spliced(bytes, place, place, piece);
}

function removed(bytes: Buffer, at: Mutator): Buffer {
  const from = at.below(bytes.length + 1);
  return spliced(bytes, from, Math.min(bytes.length, from + at.below(8)));
}

function repeated(bytes: Buffer, at: Mutator): Buffer {
  const from = at.below(bytes.length + 1);
  const piece = bytes.subarray(from, from + at.below(24));
  return spliced(bytes, from, from, ...Array.from({ length: at.below(12) }, () => piece));
}
