import { EMPTY, type HashStart, hashFrom, startOf } from '../hash.js';
import { type Compiling, type Json, type Operator, type Part, type Rule, truthy } from '../rule.js';
import { attribute, type Scope } from '../scope.js';
import { chosen, isList, type Plan, placed, planOf, weighed } from '../split.js';
import { textOf } from './text.js';

/**
 * flagd's `fractional`, second version: 32 bits of hash times the sum of the weights, in whole numbers. What cannot be
 * split gives null, so that the default variant serves; `scope.keyMissing` tells that it was for want of somebody to place.
 */
const fractional: Operator = (args, compiling) => {
  const { trace } = compiling;
  const written = isList(args[0]) ? args : args.slice(1);
  const buckets = written.map((_arg, index) => constant(compiling, index + args.length - written.length));
  if (!buckets.every((bucket) => bucket !== undefined) || trace !== undefined) return computed(args, compiling);
  const plan = planOf(buckets);
  if (typeof plan === 'string') {
    compiling.warn(`fractional splits nothing: ${plan}`);
    return computed(args, compiling);
  }
  if (isList(args[0])) return byTargetingKey(plan, compiling.flagKey);
  return byValue(plan, compiling.part(0), computed(args, compiling));
};

/** A bucket in which nothing depends on the context. */
function constant(compiling: Compiling, at: number): readonly unknown[] | undefined {
  const { fixed } = compiling.part(at);
  return isList(fixed) ? fixed : undefined;
}

function targetingKey(scope: Scope): string | undefined {
  const key = attribute(scope, 'targetingKey');
  const text = typeof key === 'number' && key !== 0 ? String(key) : key;
  if (typeof text === 'string' && text !== '') return text;
  scope.keyMissing = true;
  return undefined;
}

function byTargetingKey(plan: Plan, flagKey: string): Rule {
  const start = startOf(flagKey);
  return (scope) => {
    const key = targetingKey(scope);
    return key === undefined ? null : chosen(plan, hashFrom(start, key));
  };
}

/**
 * What is hashed begins with what never changes, as `{"cat": [{"var": "$flagd.flagKey"}, {"var": "id"}]}` does: that is
 * hashed once. So it is within `{"if": [condition, null, ...]}`, which a rollout by an attribute is written as.
 */
function byValue(plan: Plan, by: Part, general: Rule): Rule {
  const guarded = by.operator === 'if' && by.args?.length === 3 && by.args[1]?.fixed === null ? by.args : undefined;
  const joined = joinedBy(plan, guarded?.[2] ?? by);
  const nobody = guarded?.[0]?.run;
  if (joined !== undefined && nobody !== undefined) {
    return (scope) => (truthy(nobody(scope)) ? missing(scope) : joined(scope));
  }
  return joined ?? plainly(plan, by.run, general);
}

function joinedBy(plan: Plan, by: Part): Rule | undefined {
  const parts = by.operator === 'cat' ? (by.args ?? []) : [];
  const last = parts.at(-1);
  const before = parts.slice(0, -1);
  if (last === undefined || before.some((part) => part?.fixed === undefined)) return undefined;
  const start: HashStart = startOf(before.map((part) => textOf(part?.fixed)).join(''));
  const { run } = last;
  return (scope) => chosen(plan, hashFrom(start, textOf(run(scope))));
}

function plainly(plan: Plan, run: Rule, general: Rule): Rule {
  return (scope) => {
    const value = run(scope);
    if (typeof value === 'string') return chosen(plan, hashFrom(EMPTY, value));
    return isList(value) ? general(scope) : missing(scope);
  };
}

/** Buckets that depend on the context, and every check that is explained. */
function computed(args: readonly Json[], compiling: Compiling): Rule {
  const { flagKey, trace } = compiling;
  const parts = compiling.parts().map(({ run }) => run);
  return (scope) => {
    const values = parts.map((run) => run(scope));
    const [by] = values;
    const own = typeof by === 'string' ? by : undefined;
    const key = own ?? (by === null && !isList(args[0]) ? missing(scope) : targetingKey(scope));
    if (key === null || key === undefined) return null;
    const text = own ?? flagKey + key;
    const entries = (own === undefined ? values : values.slice(1)).map(weighed);
    const result = placed(entries, text);
    if (result !== undefined)
      trace?.({ path: compiling.path, operator: 'bucket', result: result.variant, bucket: result });
    return result?.variant ?? null;
  };
}

function missing(scope: Scope): null {
  scope.keyMissing = true;
  return null;
}

export const splits = { fractional } as const satisfies Record<string, Operator>;
