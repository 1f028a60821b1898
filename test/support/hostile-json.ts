import type { Json } from './random-rules.js';

/** Names that objects have of themselves, or that engines look for. */
export const PROTOTYPE_NAMES = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__'],
  ...['toJSON', 'then', 'length', 'name', 'message', 'stack', 'get', 'set', '', '0', '-1', '$ref', '*'],
];
const SCALARS: readonly Json[] = [
  ...[null, true, false, 0, -0, -1, 1, 2.5, 1e21, 1e308, 5e-324, 2 ** 31, 2 ** 53, -(2 ** 63)],
  ...['', ' ', 'a', '0', '-1', '1e999', 'NaN', 'true', 'null', '\0', '\u202e', '\ud800', '\r\n\r\nx', '\x1b[2J'],
  ...['<img src=x onerror=alert(1)>', '%s%n', '../../../no-such-folder/passwd', '9'.repeat(400), 'x'.repeat(5000)],
];

/** JSON that means harm, by numbers from 0 to 1: `names` stand for the keys of whatever is to read it. */
export class HostileJson {
  readonly #next: () => number;
  readonly #names: readonly string[];
  readonly #values: readonly Json[];

  constructor(next: () => number, names: readonly string[] = [], values: readonly Json[] = []) {
    this.#next = next;
    this.#names = [...names, ...names, ...names, ...PROTOTYPE_NAMES];
    this.#values = [...values, ...values, ...SCALARS];
  }

  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T; // below the length
  }

  value(depth = 5): Json {
    const kind = depth <= 0 ? 9 : this.below(10);
    if (kind === 0) return `${DEEP}${this.pick([3, 30, 300, 300, 20_000])} ${this.pick(['[', '{"a":', '{"$ref":'])}`;
    if (kind < 3) return Array.from({ length: this.below(4) }, () => this.value(depth - 1));
    if (kind < 7) return this.object(depth);
    return this.pick(this.#values);
  }

  object(depth = 5): { [key: string]: Json } {
    const entries = Array.from({ length: this.below(4) }, () => [this.pick(this.#names), this.value(depth - 1)]);
    return Object.fromEntries(entries);
  }

  /** `json` with a few places of it, at any depth, replaced by something hostile. */
  spoilt(json: Json): Json {
    if (this.#next() < 0.06) return this.value(3);
    if (Array.isArray(json)) return json.map((item) => this.spoilt(item));
    if (typeof json !== 'object' || json === null) return json;
    const entries = Object.entries(json).map(([key, value]) => [
      this.#next() < 0.02 ? this.pick(this.#names) : key,
      this.spoilt(value),
    ]);
    if (this.#next() < 0.05) entries.push([this.pick(this.#names), this.value(2)]);
    return Object.fromEntries(entries);
  }
}

/** Stands for what is too deep for the engine's own writer: how deep, and of what. */
const DEEP = 'deep ';
const PLACEHOLDER = /"deep (\d+) (\[|\{(?:[^ ]*)\\":)"/g;

/** What `HostileJson` has made, as text: `JSON.parse` has no limit of depth. */
export function jsonText(json: Json): string {
  return JSON.stringify(json).replace(PLACEHOLDER, (_whole, depth: string, open: string) => {
    const opening = open.replaceAll('\\"', '"');
    return `${opening.repeat(Number(depth))}null${(opening === '[' ? ']' : '}').repeat(Number(depth))}`;
  });
}

/** True when something has been written onto what all objects share. */
export function polluted(): boolean {
  return 'polluted' in {} || Object.keys(Object.prototype).length > 0;
}
