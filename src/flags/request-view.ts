import { diagnostics } from '../core/diagnostics.js';
import type { EvaluationContext } from './evaluation.js';
import type { FlagSet } from './flag-set.js';
import type { Outcome } from './outcome.js';

/** Flags told apart in one request; more are counted and not noted. */
const MAX_EXPOSURES = 200;

/** Until the first is seen; never written to. */
const NONE_SEEN: Outcome[] = [];

/** Hears of what a request is shown first of a flag and variant, and for whom. */
export type Told = (outcome: Outcome, targetingKey: string | undefined) => void;

/** What one request sees: one set of flags from its first check to its last, who it is for, and what it was shown. */
export class RequestView {
  /** Whose view it is: another client's is none of ours. */
  readonly owner: object;
  readonly set: FlagSet;
  context: EvaluationContext | undefined;
  readonly global: EvaluationContext | undefined;
  /** Told of what is noted first for a flag and variant. */
  readonly #told: Told | undefined;
  #seen: Outcome[] = NONE_SEEN;
  #last: Outcome | undefined = undefined;

  constructor(
    owner: object,
    set: FlagSet,
    context: EvaluationContext | undefined,
    global: EvaluationContext | undefined,
    told: Told | undefined,
  ) {
    this.owner = owner;
    this.set = set;
    this.context = context;
    this.global = global;
    this.#told = told;
  }

  /** Remembers that the request was given this. Allocates for the first of each kind alone. */
  note(outcome: Outcome, call: EvaluationContext | undefined): void {
    if (outcome === this.#last || this.#seen.includes(outcome)) return;
    this.#last = outcome;
    this.#add(outcome, call);
  }

  #add(outcome: Outcome, call: EvaluationContext | undefined): void {
    const { key, variant, errorCode } = outcome;
    for (const seen of this.#seen) {
      if (seen.key === key && seen.variant === variant && seen.errorCode === errorCode) return;
    }
    if (this.#seen.length >= MAX_EXPOSURES) {
      diagnostics.drop('flags', 'exposure_cap');
      return;
    }
    if (this.#seen === NONE_SEEN) this.#seen = [outcome];
    else this.#seen.push(outcome);
    this.#told?.(outcome, call?.targetingKey ?? this.targetingKey);
  }

  get targetingKey(): string | undefined {
    return this.context?.targetingKey ?? this.global?.targetingKey;
  }

  /** Each flag and variant once. */
  exposures(): readonly Outcome[] {
    return this.#seen;
  }
}
