/** The value at that path; `undefined` as soon as something on the way is no object. Others' objects have any shape. */
export function at(value: unknown, ...path: readonly (string | symbol)[]): unknown {
  let here = value;
  for (const key of path) {
    if ((typeof here !== 'object' && typeof here !== 'function') || here === null) return undefined;
    here = Reflect.get(here, key);
  }
  return here;
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}

/** The count at that path, or the `length` of what stands there. Throws a `TypeError` that names the path when there is neither. */
export function countAt(value: unknown, ...path: readonly string[]): number {
  const found = at(value, ...path);
  const count = isCount(found) ? found : at(found, 'length');
  if (isCount(count)) return count;
  throw new TypeError(`${path.join('.')} of the pool is no count any more`);
}

export function hasCounts(value: unknown, ...names: readonly string[]): boolean {
  return names.every((name) => isCount(at(value, name)) || isCount(at(value, name, 'length')));
}

/** The limit at that path; where it is missing, `Infinity` or 0, as drivers mark none, `Infinity`. */
export function limitAt(value: unknown, ...path: readonly (string | symbol)[]): number {
  const limit = at(value, ...path);
  return isCount(limit) && limit > 0 ? limit : Number.POSITIVE_INFINITY;
}

/** The value under the symbol of that description: packages keep private fields so, and no two copies share the symbol. */
export function atSymbol(value: unknown, description: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const symbol = Object.getOwnPropertySymbols(value).find((own) => own.description === description);
  return symbol === undefined ? undefined : Reflect.get(value, symbol);
}
