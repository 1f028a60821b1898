import { murmur3 } from './hash.js';
import type { Bucket } from './rule.js';

type Variant = Bucket['variant'];

/** One bucket. */
export interface Weighed {
  readonly variant: Variant;
  readonly weight: number;
}

/** Buckets whose weights are known at load. */
export interface Plan {
  readonly variants: readonly Variant[];
  /** The first whose limit lies above the hash is chosen. Both are less 2^31, as signed numbers are compared. */
  readonly limits: readonly number[];
}

const MOST = 2 ** 31 - 1;
const HALF = 2 ** 31;

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** `undefined`: no bucket. */
export function weighed(bucket: unknown): Weighed | undefined {
  if (!isList(bucket) || bucket.length === 0 || bucket.length > 2) return undefined;
  const [variant = null, weight = 1] = bucket;
  if (typeof weight !== 'number' || !Number.isInteger(weight)) return undefined;
  if (variant !== null && typeof variant !== 'string' && typeof variant !== 'number' && typeof variant !== 'boolean') {
    return undefined;
  }
  return { variant, weight: Math.max(0, weight) };
}

/** A text: why there is no plan. */
export function planOf(buckets: readonly (readonly unknown[] | undefined)[]): Plan | string {
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

/** `hash`: as `hashFrom` gives it. */
export function chosen({ variants, limits }: Plan, hash: number): Variant {
  const placed = hash ^ -HALF;
  for (let i = 0; i < limits.length; i++) if (placed < (limits[i] as number)) return variants[i] as Variant;
  return null;
}

/** The same with weights that depend on the context, saying where the hash fell. `undefined`: these buckets split nothing. */
export function placed(entries: readonly (Weighed | undefined)[], by: string): Bucket | undefined {
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
