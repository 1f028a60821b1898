import {
  type ErrorCode,
  type Evaluation,
  type FlagKind,
  type FlagMetadata,
  type FlagValue,
  kindOf,
  NO_METADATA,
  type Reason,
} from './evaluation.js';

interface Facts {
  readonly value?: FlagValue | undefined;
  readonly variant?: string | undefined;
  readonly reason: Reason;
  readonly errorCode?: ErrorCode | undefined;
  readonly errorMessage?: string | undefined;
  readonly flagMetadata?: FlagMetadata | undefined;
}

/** One way a check of a flag can come out, made once and handed out again: checks allocate nothing. */
export class Outcome implements Facts {
  readonly key: string;
  /** `undefined`: there is no value, the caller's fallback serves. */
  readonly kind: FlagKind | undefined;
  readonly value: FlagValue | undefined;
  readonly variant: string | undefined;
  readonly reason: Reason;
  readonly errorCode: ErrorCode | undefined;
  readonly errorMessage: string | undefined;
  readonly flagMetadata: FlagMetadata;
  #evaluation: Evaluation | undefined;

  constructor(key: string, facts: Facts) {
    this.key = key;
    this.kind = kindOf(facts.value);
    this.value = facts.value;
    this.variant = facts.variant;
    this.reason = facts.reason;
    this.errorCode = facts.errorCode;
    this.errorMessage = facts.errorMessage;
    this.flagMetadata = facts.flagMetadata ?? NO_METADATA;
  }

  /** As OpenFeature shapes it, with the caller's fallback where there is no value. */
  evaluation(fallback: FlagValue): Evaluation {
    if (this.value === undefined) return Object.freeze(evaluation(this, fallback));
    this.#evaluation ??= Object.freeze(evaluation(this, this.value));
    return this.#evaluation;
  }
}

/** What is not there is left out, as comparing two answers and logging one are easier so. */
function evaluation(outcome: Outcome, value: FlagValue): Evaluation {
  const { variant, reason, errorCode, errorMessage, flagMetadata } = outcome;
  return {
    value,
    ...(variant === undefined ? {} : { variant }),
    reason,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(errorMessage === undefined ? {} : { errorMessage }),
    flagMetadata,
  };
}
