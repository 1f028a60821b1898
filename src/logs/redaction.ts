export const REDACTED = '[redacted]';

/** These belong to the library; a caller's field of that name moves to `field.<name>`. */
const RESERVED: ReadonlySet<string> = new Set([
  'timestamp',
  'level',
  'event',
  'service',
  'version',
  'environment',
  'correlation_id',
  'trace_id',
  'span_id',
]);

/** Endings of a field's name, without case and separators, that mark a secret. `max_tokens` is none, `access_token` is. */
const SECRET =
  /(authorization|cookies?|password|passwd|pwd|passphrase|secret|token|apikey|privatekey|secretkey|accesskey|credentials?|jwt)$/;

const MAX_DEPTH = 6;
/** Objects and arrays looked at in one line; what lies beyond is replaced, never let through unseen. */
const MAX_NODES = 1000;
const MAX_REMEMBERED = 5000;

export type Fields = Record<string, unknown>;

/**
 * Cleans what a caller logs: secrets are replaced at any depth, reserved names are moved. Copies only what it changes,
 * so a line without a finding costs one look-up a field.
 */
export class Cleaner {
  readonly #extra: ReadonlySet<string>;
  readonly #secrets = new Map<string, boolean>();
  #nodes = 0;

  /** `names`: further fields to redact, wherever they stand; case, `-` and `_` make no difference. */
  constructor(names: readonly string[] = []) {
    this.#extra = new Set(names.map(plain));
  }

  /** A line's own fields. `serialized`: names whose values go through a serializer, which cleans for itself. */
  line(fields: Fields, serialized: (name: string) => boolean): Fields {
    this.#nodes = 0;
    let copy: Fields | undefined;
    for (const name in fields) {
      const value = fields[name];
      const cleaned = this.#isSecret(name, value) ? REDACTED : serialized(name) ? value : this.#value(value, 1);
      const reserved = RESERVED.has(name);
      if (cleaned === value && !reserved) continue;
      copy ??= { ...fields };
      if (reserved) {
        delete copy[name];
        copy[freeName(copy, name)] = cleaned;
      } else {
        copy[name] = cleaned;
      }
    }
    return copy ?? fields;
  }

  /** What a serializer made. */
  value(value: unknown): unknown {
    this.#nodes = 0;
    return this.#value(value, 1);
  }

  #value(value: unknown, depth: number): unknown {
    if (typeof value !== 'object' || value === null || isOpaque(value)) return value;
    if (depth > MAX_DEPTH || ++this.#nodes > MAX_NODES) return '[too large]';
    return Array.isArray(value) ? this.#items(value, depth) : this.#members(value as Fields, depth);
  }

  #items(items: unknown[], depth: number): unknown[] {
    let copy: unknown[] | undefined;
    for (let i = 0; i < items.length; i++) {
      const cleaned = this.#value(items[i], depth + 1);
      if (cleaned === items[i]) continue;
      copy ??= [...items];
      copy[i] = cleaned;
    }
    return copy ?? items;
  }

  #members(members: Fields, depth: number): Fields {
    let copy: Fields | undefined;
    for (const name of Object.keys(members)) {
      const value = members[name];
      const cleaned = this.#isSecret(name, value) ? REDACTED : this.#value(value, depth + 1);
      if (cleaned === value) continue;
      copy ??= { ...members };
      copy[name] = cleaned;
    }
    return copy ?? members;
  }

  #isSecret(name: string, value: unknown): boolean {
    if (value === null || value === undefined || typeof value === 'boolean' || typeof value === 'function')
      return false;
    const known = this.#secrets.get(name);
    if (known !== undefined) return known;
    const key = plain(name);
    const secret = SECRET.test(key) || this.#extra.has(key);
    if (this.#secrets.size >= MAX_REMEMBERED) this.#secrets.clear();
    this.#secrets.set(name, secret);
    return secret;
  }
}

/** What says itself how it looks as JSON, or is no tree of fields. */
function isOpaque(value: object): boolean {
  return (
    ArrayBuffer.isView(value) || value instanceof Error || ('toJSON' in value && typeof value.toJSON === 'function')
  );
}

function freeName(fields: Fields, name: string): string {
  let free = `field.${name}`;
  while (Object.hasOwn(fields, free)) free = `field.${free}`;
  return free;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_.\s]/g, '');
}
