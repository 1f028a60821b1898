/** One member of a baggage, decoded. A caller of the whole network may have written it: it may hold any character. */
export interface BaggageEntry {
  readonly value: string;
  /** What was said about the value, in the text of the header and still encoded: `k=v;flag`. */
  readonly properties?: string | undefined;
}

/** Values that travel with a request (https://www.w3.org/TR/baggage/). They are personal as often as not: never logged. */
export type Baggage = ReadonlyMap<string, BaggageEntry>;

/** In total, over all headers. Every platform must carry 64 members; the text's own list ends at 180. */
export const MAX_MEMBERS = 180;
export const MAX_BYTES = 8192;

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const OCTETS = '[\\x21\\x23-\\x2b\\x2d-\\x3a\\x3c-\\x5b\\x5d-\\x7e]*';

/** Key, value as it stands, and the text of the properties. */
export const MEMBER: RegExp = new RegExp(`^[ \\t]*(${TOKEN})[ \\t]*=[ \\t]*(${OCTETS})[ \\t]*(?:;(.*))?$`);
export const PROPERTY: RegExp = new RegExp(`^[ \\t]*(${TOKEN})[ \\t]*(?:=[ \\t]*(${OCTETS})[ \\t]*)?$`);
export const KEY: RegExp = new RegExp(`^${TOKEN}$`);

/** A map that nobody can change: many a handler sees the same baggage. */
export class FixedBaggage implements Baggage {
  readonly #entries: ReadonlyMap<string, BaggageEntry>;

  constructor(entries: ReadonlyMap<string, BaggageEntry>) {
    this.#entries = new Map(entries);
    Object.freeze(this);
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): BaggageEntry | undefined {
    return this.#entries.get(key);
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  keys(): MapIterator<string> {
    return this.#entries.keys();
  }

  values(): MapIterator<BaggageEntry> {
    return this.#entries.values();
  }

  entries(): MapIterator<[string, BaggageEntry]> {
    return this.#entries.entries();
  }

  [Symbol.iterator](): MapIterator<[string, BaggageEntry]> {
    return this.#entries.entries();
  }

  forEach(visit: (entry: BaggageEntry, key: string, baggage: Baggage) => void): void {
    for (const [key, entry] of this.#entries) visit(entry, key, this);
  }
}

export const NO_BAGGAGE: Baggage = new FixedBaggage(new Map());
