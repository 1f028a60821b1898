/**
 * What all copies of this package in one process share: the ESM build, the CJS build and a bundle of either see the
 * same values. A change in the shape of anything kept here means a new name for the symbol.
 */
const SLOT = Symbol.for('fourlights.v1');

type Slots = Map<string, unknown>;

function slots(): Slots {
  const host = globalThis as { [SLOT]?: Slots };
  host[SLOT] ??= new Map();
  return host[SLOT];
}

/** The process-wide value of that name, made by `create` for the first who asks. */
export function slot<T>(name: string, create: () => T): T {
  const all = slots();
  if (!all.has(name)) all.set(name, create());
  return all.get(name) as T; // whoever stored it under this name used the same `create`
}
