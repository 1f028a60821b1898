import { listed } from '../core/nearest.js';
import { type Json, type JsonObject, RuleFault } from './rule.js';

/** Steps of 0.001 %. */
const WHOLE = 100_000;
const PER_PERCENT = 1000;

/**
 * What people write instead of a split: `"rollout": 25`, or `{"by": "user_id", "percent": 0.5, "variant": "on"}`. Gives the
 * same flag as flagd writes it: the variant that grows comes first, of an unchanging whole, so growing keeps everyone who was in.
 */
export function desugared(flag: JsonObject): JsonObject {
  if (!Object.hasOwn(flag, 'rollout')) return flag;
  const { rollout = null, ...written } = flag;
  const rest: { [key: string]: Json } = Object.assign(Object.create(null), written);
  if (rest['targeting'] !== undefined) {
    throw new RuleFault(
      'rollout',
      rollout,
      'a flag has a rollout or a targeting rule',
      'put a fractional into the rule',
    );
  }
  const asked: JsonObject = Object.assign(Object.create(null), isObject(rollout) ? rollout : { percent: rollout });
  const variants = rest['variants'] ?? { on: true, off: false };
  const others = rest['defaultVariant'] ?? 'off';
  const weight = weightOf(asked['percent']);
  const buckets = [
    [grown(asked['variant'], variants, others), weight],
    [others, WHOLE - weight],
  ];
  const by = asked['by'];
  if (by !== undefined && (typeof by !== 'string' || by === '')) {
    throw new RuleFault('rollout.by', by, 'an attribute is asked for by its name', 'write "by": "user_id"');
  }
  const fractional = by === undefined || by === 'targetingKey' ? buckets : [keyed(by), ...buckets];
  return Object.assign(rest, {
    state: rest['state'] ?? 'ENABLED',
    variants,
    defaultVariant: others,
    targeting: { fractional },
  });
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function weightOf(percent: Json | undefined): number {
  const weight = typeof percent === 'number' ? Math.round(percent * PER_PERCENT) : Number.NaN;
  const exact = typeof percent === 'number' && Math.abs(weight - percent * PER_PERCENT) < 1e-6;
  if (!exact || weight < 0 || weight > WHOLE) {
    throw new RuleFault('rollout', percent, 'a share is 0 to 100 percent in steps of 0.001', 'write "rollout": 25');
  }
  return weight;
}

function grown(named: Json | undefined, variants: Json, others: Json): string {
  const names = isObject(variants) ? Object.keys(variants) : [];
  const candidates = names.filter((name) => name !== others);
  const [only] = candidates;
  if (typeof named === 'string' && names.includes(named)) return named;
  if (named === undefined && candidates.length === 1 && only !== undefined) return only;
  throw new RuleFault(
    'rollout.variant',
    named,
    `it is not said which of ${listed(names)} grows`,
    'write "variant": "on"',
  );
}

/** Who lacks the attribute is in no bucket, rather than all such together in one. */
function keyed(by: string): Json {
  const attribute = { var: by };
  return {
    if: [{ in: [attribute, [null, '']] }, null, { cat: [{ var: '$flagd.flagKey' }, attribute] }],
  };
}
