import { type Compiling, type Json, type Operator, type Rule, truthy } from '../rule.js';
import type { Scope } from '../scope.js';

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (!value) return [];
  throw new TypeError('not a list');
}

/** In one evaluation, and in one list that it makes: far beyond any rule that is meant, and a few milliseconds. */
const MOST_VISITS = 50_000;
const MOST_ITEMS = 50_000;

/** `rule` for one element; the element around it is there again afterwards. */
function forItem(scope: Scope, item: unknown, rule: Rule): unknown {
  if (++scope.visits > MOST_VISITS) throw new RangeError(`more than ${MOST_VISITS} elements are looked at`);
  const around = scope.item;
  scope.item = item;
  const result = rule(scope);
  scope.item = around;
  return result;
}

/** Whether any element's truth is `sought`, the first of them ending the search. */
function anyIs(sought: boolean, scope: Scope, list: readonly unknown[], rule: Rule): boolean {
  for (let i = 0; i < list.length; i++) if (truthy(forItem(scope, list[i], rule)) === sought) return true;
  return false;
}

function over(work: (scope: Scope, list: readonly unknown[], rule: Rule) => unknown): Operator {
  return (_args: readonly Json[], compiling: Compiling) => {
    const list = compiling.part(0).run;
    const rule = compiling.itemPart(1).run;
    return (scope) => work(scope, listOf(list(scope)), rule);
  };
}

const merge: Operator = (_args, compiling) => {
  const parts = compiling.parts().map(({ run }) => run);
  return (scope) => {
    const merged: unknown[] = [];
    for (const run of parts) {
      const value = run(scope);
      const items = Array.isArray(value) ? value : [value];
      if (merged.length + items.length > MOST_ITEMS)
        throw new RangeError(`more than ${MOST_ITEMS} elements are merged`);
      for (const item of items) merged.push(item);
    }
    return merged;
  };
};

const reduce: Operator = (args, compiling) => {
  const list = compiling.part(0).run;
  const rule = compiling.itemPart(1).run;
  const start = args[2] === undefined ? undefined : compiling.part(2).run;
  return (scope) => {
    const items = listOf(list(scope));
    const step = (accumulator: unknown, current: unknown): unknown => forItem(scope, { accumulator, current }, rule);
    return start === undefined ? items.reduce(step) : items.reduce(step, start(scope));
  };
};

export const lists = {
  merge,
  map: over((scope, list, rule) => list.map((item) => forItem(scope, item, rule))),
  filter: over((scope, list, rule) => list.filter((item) => truthy(forItem(scope, item, rule)))),
  all: over((scope, list, rule) => list.length > 0 && !anyIs(false, scope, list, rule)),
  some: over((scope, list, rule) => anyIs(true, scope, list, rule)),
  none: over((scope, list, rule) => !anyIs(true, scope, list, rule)),
  reduce,
} as const satisfies Record<string, Operator>;
