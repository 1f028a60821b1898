import { EMPTY, type HashStart, hashFrom, murmur3, startOf } from '../hash.js';
import { type Bucket, type Compiling, type Json, type Operator, type Part, type Rule, truthy } from '../rule.js';
import { attribute, type Scope } from '../scope.js';
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

type Variant = Bucket['variant'];

interface Weighed {
  readonly variant: Variant;
  readonly weight: number;
}

interface Plan {
  readonly variants: readonly Variant[];
  /** The first whose limit lies above the hash is chosen. Both are less 2^31, as signed numbers are compared. */
  readonly limits: readonly number[];
}

const MOST = 2 ** 31 - 1;
const HALF = 2 ** 31;

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** A bucket in which nothing depends on the context. */
function constant(compiling: Compiling, at: number): readonly unknown[] | undefined {
  const { fixed } = compiling.part(at);
  return isList(fixed) ? fixed : undefined;
}

/** `undefined`: no bucket. */
function weighed(bucket: unknown): Weighed | undefined {
  if (!isList(bucket) || bucket.length === 0 || bucket.length > 2) return undefined;
  const [variant = null, weight = 1] = bucket;
  if (typeof weight !== 'number' || !Number.isInteger(weight)) return undefined;
  if (variant !== null && typeof variant !== 'string' && typeof variant !== 'number' && typeof variant !== 'boolean') {
    return undefined;
  }
  return { variant, weight: Math.max(0, weight) };
}

/** A text: why there is no plan. */
function planOf(buckets: readonly (readonly unknown[] | undefined)[]): Plan | string {
  const entries = buckets.map(weighed);
  if (!entries.every((entry) => entry !== undefined)) {
    return 'a bucket is ["variant", weight], the weight a whole number';
  }
  const total = entries.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return 'all weights are 0';
  if (total > MOST) return `the weights add up to ${total}, the most is ${MOST}`;
  let sum = 0;
  const limits = entries.map(({ weight }) => {
    sum += weight;
    return Number(((BigInt(sum) << 32n) + BigInt(total) - 1n) / BigInt(total)) - HALF;
  });
  return { variants: entries.map(({ variant }) => variant), limits };
}

function chosen({ variants, limits }: Plan, hash: number): Variant {
  const placed = hash ^ -HALF;
  for (let i = 0; i < limits.length; i++) if (placed < (limits[i] as number)) return variants[i] as Variant;
  return null;
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
  if (last === undefined || before.some(({ fixed }) => fixed === undefined)) return undefined;
  const start: HashStart = startOf(before.map(({ fixed }) => textOf(fixed)).join(''));
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
  const parts = args.map((_arg, index) => compiling.part(index).run);
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

function placed(entries: readonly (Weighed | undefined)[], by: string): Bucket | undefined {
  let total = 0;
  for (const entry of entries) {
    if (entry === undefined) return undefined;
    total += entry.weight;
  }
  if (total > MOST || total === 0) return undefined;
  const hash = murmur3(by);
  const bucket = scaled(hash, total);
  let sum = 0;
  for (const entry of entries) {
    sum += entry?.weight ?? 0;
    if (sum > bucket) return { by, hash, bucket, of: total, variant: entry?.variant ?? null };
  }
  return undefined;
}

/** floor(hash * total / 2^32), exact below 2^31: the product itself would not fit a double. */
function scaled(hash: number, total: number): number {
  const high = hash >>> 16;
  const low = hash & 0xffff;
  return Math.floor((high * total + Math.floor((low * total) / 0x10000)) / 0x10000);
}

export const splits = { fractional } as const satisfies Record<string, Operator>;
