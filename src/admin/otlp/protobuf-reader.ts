import type { Messages } from '../../traces/exporters/protobuf-message.js';

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
/** Values nest by no more than this: attributes within attributes. */
const DEEPEST = 24;
/** Of one request; a batch of 8192 spans with 25 attributes each has half of it. Two bytes are enough for an empty one. */
const MOST_MESSAGES = 1_000_000;

type Fields = Record<string, unknown>;

/** What the wire holds for one field. */
type Wire = { readonly kind: 'number'; readonly value: bigint } | { readonly kind: 'bytes'; readonly value: Buffer };

/** How a scalar is read, into what OTLP/JSON has for it. */
const scalars: Readonly<Record<string, (wire: Wire) => unknown>> = {
  string: (wire) => bytesOf(wire).toString('utf8'),
  hex: (wire) => bytesOf(wire).toString('hex'),
  base64: (wire) => bytesOf(wire).toString('base64'),
  varint: (wire) => Number(numberOf(wire)),
  int64: (wire) => String(BigInt.asIntN(64, numberOf(wire))),
  fixed32: (wire) => Number(numberOf(wire)),
  fixed64: (wire) => String(numberOf(wire)),
  double: (wire) => doubleOf(numberOf(wire)),
};

/** Fields that a message may have more than once. */
const LISTS: ReadonlySet<string> = new Set([
  'resourceSpans',
  'scopeSpans',
  'spans',
  'resourceLogs',
  'scopeLogs',
  'logRecords',
  'attributes',
  'events',
  'links',
  'values',
]);

/** Reads a message of such a table. Throws a RangeError for bytes that are none; fields that the table does not have are passed over. */
export function readMessage(messages: Messages, message: string, bytes: Buffer): Fields {
  return new Reading(messages).message(message, bytes, 0);
}

interface Field {
  readonly name: string;
  readonly type: string;
}

/** One request that is read. */
class Reading {
  readonly #messages: Messages;
  readonly #fields = new Map<string, ReadonlyMap<number, Field>>();
  #left = MOST_MESSAGES;

  constructor(messages: Messages) {
    this.#messages = messages;
  }

  message(message: string, bytes: Buffer, depth: number): Fields {
    if (depth > DEEPEST) throw new RangeError('it nests too deep');
    if (--this.#left < 0) throw new RangeError(`it has more than ${MOST_MESSAGES} messages`);
    const fields = this.#fieldsOf(message);
    const read: Fields = {};
    const cursor = new Cursor(bytes);
    while (cursor.more) {
      const { id, wire } = cursor.field();
      const field = fields.get(id);
      if (field === undefined) continue;
      const { name, type } = field;
      const scalar = Object.hasOwn(scalars, type) ? scalars[type] : undefined;
      const value = scalar === undefined ? this.message(type, bytesOf(wire), depth + 1) : scalar(wire);
      if (!LISTS.has(name)) read[name] = value;
      else if (Array.isArray(read[name])) read[name].push(value);
      else read[name] = [value];
    }
    return read;
  }

  #fieldsOf(message: string): ReadonlyMap<number, Field> {
    const known = this.#fields.get(message);
    if (known !== undefined) return known;
    const made = new Map(
      Object.entries(this.#messages[message] ?? {}).map(([name, [id, type]]) => [id, { name, type }] as const),
    );
    this.#fields.set(message, made);
    return made;
  }
}

class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get more(): boolean {
    return this.#at < this.#bytes.length;
  }

  field(): { readonly id: number; readonly wire: Wire } {
    const tag = this.#size();
    return { id: Math.floor(tag / 8), wire: this.#wire(tag % 8) };
  }

  #wire(type: number): Wire {
    if (type === VARINT) return { kind: 'number', value: this.#varint() };
    if (type === FIXED64) return { kind: 'number', value: this.#take(8).readBigUInt64LE() };
    if (type === FIXED32) return { kind: 'number', value: BigInt(this.#take(4).readUInt32LE()) };
    if (type === BYTES) return { kind: 'bytes', value: this.#take(this.#size()) };
    throw new RangeError(`there is no wire type ${type}`);
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('it ends within a field');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  /** A tag or a length: of one byte mostly, and then no big number is made of it. */
  #size(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined || byte >= 0x80) return Number(this.#varint());
    this.#at++;
    return byte;
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new RangeError('it ends within a number');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new RangeError('a number has more than ten bytes');
  }
}

function numberOf(wire: Wire): bigint {
  if (wire.kind === 'number') return wire.value;
  throw new RangeError('a number was expected');
}

function bytesOf(wire: Wire): Buffer {
  if (wire.kind === 'bytes') return wire.value;
  throw new RangeError('bytes were expected');
}

function doubleOf(bits: bigint): number {
  const eight = Buffer.alloc(8);
  eight.writeBigUInt64LE(bits);
  return eight.readDoubleLE();
}
