import { types } from 'node:util';
import { RESERVED } from './reserved.js';

export const REDACTED = '[redacted]';

/** Endings of a field's name, without case and separators, that mark a secret. `max_tokens` is none, `access_token` is. */
const SECRET =
  /(authorization|cookies?|password|passwd|pwd|passphrase|secret|token|apikey|privatekey|secretkey|accesskey|credentials?|jwt)$/;

/** Where Node's requests keep their headers as plain text. */
const RAW_HEADERS: ReadonlySet<string> = new Set(['_header', 'rawHeaders']);

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
  readonly #error: (error: Error) => object;
  readonly #secrets = new Map<string, boolean>();
  #nodes = 0;

  /**
   * `names`: further fields to redact, wherever they stand; case, `-` and `_` make no difference. `error`: what is shown of
   * an error, of which JSON would show `{}`.
   */
  constructor(names: readonly string[] = [], error: (error: Error) => object = (error) => error) {
    this.#extra = new Set(names.map(plain));
    this.#error = error;
  }

  /** A line's own fields. `serialized`: names whose values go through a serializer, which cleans for itself. */
  line(fields: Fields, serialized: (name: string) => boolean): Fields {
    this.#nodes = 0;
    let copy: Fields | undefined;
    let moved: Fields | undefined;
    for (const name in fields) {
      const value = fields[name];
      const cleaned = this.#isSecret(name, value) ? REDACTED : serialized(name) ? value : this.#value(value, 1);
      const reserved = isReserved(name);
      if (cleaned === value && !reserved) continue;
      copy ??= { ...fields };
      if (reserved) {
        delete copy[name];
        moved ??= {};
        moved[`field.${name}`] = cleaned;
      } else {
        copy[name] = cleaned;
      }
    }
    return copy === undefined ? fields : Object.assign(copy, moved);
  }

  /** What a serializer made. */
  value(value: unknown): unknown {
    this.#nodes = 0;
    return this.#value(value, 1);
  }

  #value(value: unknown, depth: number): unknown {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
    if (depth > MAX_DEPTH || ++this.#nodes > MAX_NODES) return '[too large]';
    const json = this.#jsonOf(value);
    if (typeof json !== 'object' || json === null) return value;
    const cleaned = Array.isArray(json) ? this.#items(json, depth) : this.#members(json as Fields, depth);
    return cleaned === json && !isMute(value) ? value : cleaned;
  }

  /** What JSON will show of it: axios keeps headers, and errors, in objects that say so themselves. */
  #jsonOf(value: object): unknown {
    if (isMute(value)) return this.#error(value);
    return saysItself(value) ? value.toJSON() : value;
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
    if (copy !== undefined && typeof copy['toJSON'] === 'function') delete copy['toJSON']; // has been asked
    return copy ?? members;
  }

  #isSecret(name: string, value: unknown): boolean {
    if (value === null || value === undefined || typeof value === 'boolean' || typeof value === 'function')
      return false;
    const known = this.#secrets.get(name);
    if (known !== undefined) return known;
    const key = plain(name);
    const secret = SECRET.test(key) || this.#extra.has(key) || RAW_HEADERS.has(name);
    if (this.#secrets.size >= MAX_REMEMBERED) this.#secrets.clear();
    this.#secrets.set(name, secret);
    return secret;
  }
}

function saysItself(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

/** An error, of whatever realm, that JSON shows nothing of: its own fields are not enumerable. */
function isMute(value: object): value is Error {
  return (value instanceof Error || types.isNativeError(value)) && !saysItself(value);
}

/**
 * A caller's field of such a name moves to `field.<name>`. So does one that is called `field.<name>` itself, by one more
 * `field.`: names that differ stay different.
 */
function isReserved(name: string): boolean {
  return RESERVED.has(name) || (name.startsWith('field.') && isReserved(name.slice('field.'.length)));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_.\s]/g, '');
}
