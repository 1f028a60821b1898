import type { Evaluation, EvaluationContext, FlagValue } from '../flags/evaluation.js';
import { answered, type Check, failed, unanswered } from './vendor-answer.js';

/** What LaunchDarkly's `variationDetail` gives. */
export interface LaunchDarklyDetail {
  readonly value: unknown;
  readonly variationIndex?: number | null | undefined;
  readonly reason: { readonly kind: string; readonly errorKind?: string | undefined };
}

const REASONS: Readonly<Record<string, string>> = {
  OFF: 'DISABLED',
  FALLTHROUGH: 'DEFAULT',
  TARGET_MATCH: 'TARGETING_MATCH',
  RULE_MATCH: 'TARGETING_MATCH',
};

/** In OpenFeature's words; `undefined` where another source is to be asked: it knows no such flag, or has none yet. */
export function evaluationOf(detail: LaunchDarklyDetail, check: Check): Evaluation | undefined {
  const { value, variationIndex, reason } = detail;
  if (reason.kind === 'ERROR') return errorOf(reason.errorKind, check.fallback);
  const said = Object.hasOwn(REASONS, reason.kind) ? (REASONS[reason.kind] ?? reason.kind) : reason.kind;
  if (variationIndex === undefined || variationIndex === null) return unanswered(check.fallback, said);
  return answered(check, value, { variant: String(variationIndex), reason: said });
}

function errorOf(errorKind: string | undefined, fallback: FlagValue): Evaluation | undefined {
  if (errorKind === 'FLAG_NOT_FOUND' || errorKind === 'CLIENT_NOT_READY') return undefined;
  if (errorKind === 'MALFORMED_FLAG') return failed(fallback, 'PARSE_ERROR', 'LaunchDarkly calls the flag malformed');
  if (errorKind === 'USER_NOT_SPECIFIED')
    return failed(fallback, 'INVALID_CONTEXT', 'LaunchDarkly refuses the context');
  return failed(fallback, 'GENERAL', `LaunchDarkly says ${errorKind ?? 'error'}`);
}

/** A context that names its `kind` is LaunchDarkly's own already; any other is a `user` with the targeting key as its key. */
export function launchDarklyContext(context: EvaluationContext): object | undefined {
  if (typeof context['kind'] === 'string')
    return context['kind'] === 'multi' || 'key' in context ? context : withKey(context);
  const { targetingKey } = context;
  return targetingKey === undefined ? undefined : { ...withKey(context), kind: 'user' };
}

function withKey({ targetingKey, ...attributes }: EvaluationContext): object {
  return { ...attributes, key: targetingKey };
}
