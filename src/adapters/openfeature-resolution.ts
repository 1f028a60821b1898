import { messageOf } from '../core/diagnostics.js';
import { type ErrorCode, type Evaluation, type FlagMetadata, NO_METADATA } from '../flags/evaluation.js';
import { answered, type Check, failed, unanswered } from './vendor-answer.js';

/** How an OpenFeature provider answers. */
export interface Resolution {
  readonly value: unknown;
  readonly variant?: string | undefined;
  readonly reason?: string | undefined;
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
  readonly flagMetadata?: FlagMetadata | undefined;
}

const CODES: readonly string[] = [
  'PROVIDER_NOT_READY',
  'PROVIDER_FATAL',
  'FLAG_NOT_FOUND',
  'PARSE_ERROR',
  'TYPE_MISMATCH',
  'TARGETING_KEY_MISSING',
  'INVALID_CONTEXT',
  'GENERAL',
] satisfies readonly ErrorCode[];
/** What a provider is asked with, as the caller's fallback is not known when it is fetched ahead. */
export const DEFAULTS = { boolean: false, string: '', number: 0, object: Object.freeze({}) } as const;
/** For one check, with the caller's own fallback in its place. */
export function evaluationOf(resolution: Resolution, check: Check): Evaluation {
  const { kind, fallback } = check;
  const { value, variant, reason = 'UNKNOWN', errorCode, errorMessage = '', flagMetadata = NO_METADATA } = resolution;
  if (errorCode !== undefined) return failed(fallback, isCode(errorCode) ? errorCode : 'GENERAL', errorMessage);
  const isDefault =
    variant === undefined && value === DEFAULTS[kind] && (reason === 'DEFAULT' || reason === 'DISABLED');
  if (isDefault) return unanswered(fallback, reason, flagMetadata); // it is the one that was given to it
  return answered(check, value, { variant, reason, flagMetadata });
}

export function errorOf(cause: unknown): Resolution {
  return { value: undefined, reason: 'ERROR', errorCode: codeOf(cause) ?? 'GENERAL', errorMessage: messageOf(cause) };
}

/** An error of the SDK has its code with it. */
export function codeOf(cause: unknown): string | undefined {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

function isCode(code: string): code is ErrorCode {
  return CODES.includes(code);
}
