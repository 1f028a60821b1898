import { type Context, store } from '../context/store.js';

/** The key under which a namespace answers each of our IDs; its own name where none is given. */
export interface ClsKeys {
  readonly correlationId?: string | undefined;
  readonly traceId?: string | undefined;
  readonly spanId?: string | undefined;
}

const IDS = ['correlationId', 'traceId', 'spanId'] as const satisfies readonly (keyof ClsKeys & keyof Context)[];

/** Answers a namespace's key with an ID of the current context; `undefined` for any other key, and outside of a context. */
export type IdReader = (key: unknown) => string | undefined;

export function idReader(keys: ClsKeys = {}): IdReader {
  const unknown = Object.keys(keys).find((name) => !IDS.some((id) => id === name));
  if (unknown !== undefined) throw new TypeError(`There is no ID '${unknown}': keys may name ${IDS.join(', ')}`);
  const ids = new Map<unknown, (typeof IDS)[number]>(IDS.map((id) => [keys[id] ?? id, id]));
  return (key) => {
    const id = ids.get(key);
    return id === undefined ? undefined : store.getStore()?.[id];
  };
}
