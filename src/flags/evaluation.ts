/** What a flag can be asked as. `object` covers arrays too; `null` is no value. */
export type FlagKind = 'boolean' | 'string' | 'number' | 'object';

/** Any JSON value but `null`. */
export type FlagValue = boolean | string | number | object;

/** Who or what a flag is asked for. Rules read it by own properties alone, so nothing of a prototype is seen. */
export interface EvaluationContext {
  /** Whom a rollout keeps in the same variant: a user, a tenant, a device. */
  readonly targetingKey?: string | undefined;
  readonly [attribute: string]: unknown;
}

/** OpenFeature's codes. */
export type ErrorCode =
  | 'PROVIDER_NOT_READY'
  | 'PROVIDER_FATAL'
  | 'FLAG_NOT_FOUND'
  | 'PARSE_ERROR'
  | 'TYPE_MISMATCH'
  | 'TARGETING_KEY_MISSING'
  | 'INVALID_CONTEXT'
  | 'GENERAL';

/** Why a value is what it is: OpenFeature's reasons and ours (`KILLED`, `OVERRIDE`, `OPS_SHED`). Open, as vendors have their own. */
export type Reason =
  | 'STATIC'
  | 'DEFAULT'
  | 'TARGETING_MATCH'
  | 'SPLIT'
  | 'CACHED'
  | 'DISABLED'
  | 'STALE'
  | 'UNKNOWN'
  | 'ERROR'
  | 'KILLED'
  | 'OVERRIDE'
  | 'OPS_SHED'
  | (string & {});

export type FlagMetadata = Readonly<Record<string, string | number | boolean>>;

/** The answer to one check, in the shape of OpenFeature's evaluation details. Frozen where it comes from a document. */
export interface Evaluation<T extends FlagValue = FlagValue> {
  readonly value: T;
  /** Left out where the value is the caller's fallback. */
  readonly variant?: string | undefined;
  readonly reason: Reason;
  readonly errorCode?: ErrorCode | undefined;
  readonly errorMessage?: string | undefined;
  readonly flagMetadata: FlagMetadata;
}

export const NO_METADATA: FlagMetadata = Object.freeze({});

/** What `value` can be asked as; `undefined` for what no flag can be. */
export function kindOf(value: unknown): FlagKind | undefined {
  const type = typeof value;
  if (type === 'boolean' || type === 'string' || type === 'number') return type;
  return type === 'object' && value !== null ? 'object' : undefined;
}
