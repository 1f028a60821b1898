import { diagnostics, messageOf } from '../core/diagnostics.js';
import { nearest } from '../core/nearest.js';
import type { ErrorCode, FlagKind } from './evaluation.js';
import type { FlagSet } from './flag-set.js';
import { Outcome } from './outcome.js';

/** Answers that are made for whoever asks wrongly are kept, up to so many: names may come from a request. */
const MAX_KEPT = 1000;
const LONGEST_KEPT = 200;

/** How checks come out that cannot be answered as they were asked. Each is counted, and told once a minute. */
export class Amiss {
  readonly #strict: boolean;
  readonly #mismatches: Readonly<Record<FlagKind, WeakMap<Outcome, Outcome>>> = {
    boolean: new WeakMap(),
    string: new WeakMap(),
    number: new WeakMap(),
    object: new WeakMap(),
  };
  readonly #keyless = new WeakMap<Outcome, Outcome>();
  #unknown = new Map<string, Outcome>();
  #unknownOf: FlagSet | undefined;

  /** `strict`: who cannot be placed in a split gets the fallback, not the default variant. */
  constructor(strict: boolean) {
    this.#strict = strict;
  }

  /** What to answer in place of `outcome`, which has an error or is of another kind than asked. */
  settled(outcome: Outcome, kind: FlagKind): Outcome {
    if (outcome.kind !== undefined && outcome.kind !== kind) {
      return counted(kept(this.#mismatches[kind], outcome, () => mismatch(outcome, kind)));
    }
    if (outcome.errorCode === 'TARGETING_KEY_MISSING' && this.#strict) {
      return counted(kept(this.#keyless, outcome, () => failed(outcome, outcome.errorCode, outcome.errorMessage)));
    }
    return counted(outcome);
  }

  /** A flag that `set` does not have; `undefined`: nothing is loaded. */
  unknown(key: string, set: FlagSet | undefined): Outcome {
    if (this.#unknownOf !== set) {
      this.#unknownOf = set;
      this.#unknown = new Map();
    }
    const known = this.#unknown.get(key);
    if (known !== undefined) return known;
    const name = typeof key === 'string' ? key : messageOf(key); // who calls from JavaScript may ask for anything
    const isKept = this.#unknown.size < MAX_KEPT && name.length <= LONGEST_KEPT;
    const made = set === undefined ? notReady(name) : notFound(name, set, isKept);
    if (isKept) this.#unknown.set(key, made);
    return made;
  }
}

function kept(outcomes: WeakMap<Outcome, Outcome>, of: Outcome, make: () => Outcome): Outcome {
  const known = outcomes.get(of);
  if (known !== undefined) return known;
  const made = make();
  outcomes.set(of, made);
  return made;
}

function counted(outcome: Outcome): Outcome {
  const { errorCode, errorMessage } = outcome;
  if (errorCode === undefined) return outcome;
  const { code, tell } = COUNTED[errorCode];
  diagnostics.drop('flags', code);
  if (tell !== undefined && errorMessage !== undefined) diagnostics.warn(tell, errorMessage);
  return outcome;
}

/** Before anything is loaded every check is one of these: the sources have their own voice. */
const COUNTED: Readonly<Record<ErrorCode, { readonly code: string; readonly tell: string | undefined }>> = {
  PROVIDER_NOT_READY: { code: 'provider_not_ready', tell: undefined },
  PROVIDER_FATAL: { code: 'provider_fatal', tell: 'flags.provider_fatal' },
  FLAG_NOT_FOUND: { code: 'flag_not_found', tell: 'flags.flag_not_found' },
  PARSE_ERROR: { code: 'parse_error', tell: 'flags.parse_error' },
  TYPE_MISMATCH: { code: 'type_mismatch', tell: 'flags.type_mismatch' },
  TARGETING_KEY_MISSING: { code: 'targeting_key_missing', tell: 'flags.targeting_key_missing' },
  INVALID_CONTEXT: { code: 'invalid_context', tell: 'flags.invalid_context' },
  GENERAL: { code: 'general', tell: undefined },
};

function failed(
  { key, flagMetadata }: Outcome,
  errorCode: ErrorCode | undefined,
  errorMessage: string | undefined,
): Outcome {
  return new Outcome(key, { reason: 'ERROR', errorCode, errorMessage, flagMetadata });
}

function mismatch(outcome: Outcome, kind: FlagKind): Outcome {
  const { key, kind: own } = outcome;
  return failed(
    outcome,
    'TYPE_MISMATCH',
    `flag "${key}" is a ${own} and was asked for as a ${kind}; ask by flags.${own}()`,
  );
}

function notReady(key: string): Outcome {
  return new Outcome(key, {
    reason: 'ERROR',
    errorCode: 'PROVIDER_NOT_READY',
    errorMessage: `flag "${key}" was asked for before any flags were loaded`,
  });
}

/** `isKept`: made once for that name, so that looking for the one that was meant costs little. */
function notFound(key: string, { flags, metadata, source }: FlagSet, isKept: boolean): Outcome {
  const meant = isKept && flags.size <= MAX_KEPT ? nearest(key, [...flags.keys()]) : undefined;
  const hint = meant === undefined ? '' : ` (did you mean "${meant}"?)`;
  return new Outcome(key, {
    reason: 'ERROR',
    errorCode: 'FLAG_NOT_FOUND',
    errorMessage: `there is no flag "${key.slice(0, LONGEST_KEPT)}" in ${source}${hint}`,
    flagMetadata: metadata,
  });
}
