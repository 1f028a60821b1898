import {
  type ErrorCode,
  type Evaluation,
  type FlagKind,
  type FlagMetadata,
  type FlagValue,
  kindOf,
  NO_METADATA,
  type Reason,
} from '../flags/evaluation.js';

/** What was asked. */
export interface Check {
  readonly key: string;
  readonly kind: FlagKind;
  readonly fallback: FlagValue;
}

interface Facts {
  readonly reason: Reason;
  readonly variant?: string | undefined;
  readonly flagMetadata?: FlagMetadata | undefined;
}

/** A vendor's value where it is of the kind that was asked for. */
export function answered({ key, kind, fallback }: Check, value: unknown, facts: Facts): Evaluation {
  if (!isOfKind(value, kind))
    return failed(fallback, 'TYPE_MISMATCH', `flag "${key}" is ${nameOf(value)} and was asked for as ${kind}`);
  const { reason, variant, flagMetadata = NO_METADATA } = facts;
  return variant === undefined ? { value, reason, flagMetadata } : { value, variant, reason, flagMetadata };
}

/** No value of the vendor's: the caller's fallback, with the reason that it gives. */
export function unanswered(fallback: FlagValue, reason: Reason, flagMetadata: FlagMetadata = NO_METADATA): Evaluation {
  return { value: fallback, reason, flagMetadata };
}

export function failed(fallback: FlagValue, errorCode: ErrorCode, errorMessage: string): Evaluation {
  return { value: fallback, reason: 'ERROR', errorCode, errorMessage, flagMetadata: NO_METADATA };
}

function isOfKind(value: unknown, kind: FlagKind): value is FlagValue {
  return kindOf(value) === kind;
}

function nameOf(value: unknown): string {
  const kind = kindOf(value);
  return kind === undefined ? String(value) : `of kind ${kind}`;
}
