import { type Context, store } from '../context/store.js';
import { atOnce } from '../core/at-once.js';
import type { Clock } from '../core/clock.js';
import { diagnostics } from '../core/diagnostics.js';
import type { Exchange } from '../core/exchange.js';
import { isThenable } from '../core/thenable.js';
import { Amiss } from './amiss.js';
import { type Evaluation, type EvaluationContext, type FlagKind, type FlagValue, NO_METADATA } from './evaluation.js';
import { type Explanation, explanation, tracedSteps } from './explanation.js';
import type { CompiledFlag } from './flag.js';
import type { FlagSet } from './flag-set.js';
import { Outcome } from './outcome.js';
import type { Overlay } from './overlay.js';
import { RequestView, type Told } from './request-view.js';
import { Scope } from './scope.js';
import type { EvaluatingSource } from './source.js';

/** In force as long as there are no flags: every fallback serves. */
export const NOTHING: FlagSet = Object.freeze({
  source: 'none',
  flags: new Map(),
  metadata: NO_METADATA,
  hash: '',
  faults: [],
  warnings: [],
});

/** Who evaluates by itself: asked before the document that serves, and after it. */
export interface Vendors {
  readonly before: readonly EvaluatingSource[];
  readonly after: readonly EvaluatingSource[];
}

interface EngineParts {
  readonly clock: Clock;
  readonly overlay: Overlay;
  readonly vendors: Vendors;
}

/** What comes with the options; before that there is nothing to know of a request. */
export interface EngineOptions {
  readonly strict: boolean;
  readonly global: EvaluationContext | (() => EvaluationContext | undefined) | undefined;
  readonly request: ((exchange: Exchange) => EvaluationContext | undefined) | undefined;
  readonly told: Told | undefined;
}

/** One check, from the key to how it comes out. Never throws; allocates nothing once a request has been shown a flag. */
export class Engine {
  /** The flags in force; a request keeps those that it began with. */
  serving: FlagSet = NOTHING;
  #options: EngineOptions = { strict: false, global: undefined, request: undefined, told: undefined };
  #amiss: Amiss = new Amiss(false);
  readonly #overlay: Overlay;
  readonly #vendors: Vendors;
  readonly #seconds: () => number;
  readonly #scope: Scope;

  constructor({ clock, overlay, vendors }: EngineParts) {
    this.#overlay = overlay;
    this.#vendors = vendors;
    this.#seconds = () => Math.floor(clock.now() / 1000);
    this.#scope = new Scope(this.#seconds);
  }

  configure(options: EngineOptions): void {
    this.#options = options;
    this.#amiss = new Amiss(options.strict);
  }

  /** `found`: the flag in the set in force, where the caller has looked it up before. */
  outcome(
    key: string,
    kind: FlagKind,
    fallback: FlagValue,
    given: EvaluationContext | undefined,
    found?: CompiledFlag,
  ): Outcome {
    const call = typeof given === 'object' && given !== null ? given : undefined;
    const current = store.getStore();
    const view = current === undefined ? undefined : this.view(current);
    const set = view === undefined ? this.serving : view.set;
    let outcome = this.#overlay.size === 0 ? undefined : this.#overlay.of(key, kind);
    if (outcome === undefined) {
      const flag = found !== undefined && set === this.serving ? found : set.flags.get(key);
      outcome =
        flag !== undefined && this.#vendors.before.length === 0
          ? (flag.fixed ?? this.#evaluated(flag, view, call))
          : this.#searched(key, kind, fallback, call, view, flag);
    }
    if (outcome.errorCode !== undefined || outcome.kind !== kind) outcome = this.#amiss.settled(outcome, kind);
    view?.note(outcome, call);
    return outcome;
  }

  /** What the request or job of this context sees; begun with its first check. */
  view({ root, exchange }: Context): RequestView {
    const known = root.flags;
    if (known instanceof RequestView && known.owner === this) return known;
    const { told } = this.#options;
    const view = new RequestView(this, this.serving, this.#requestContext(root, exchange), this.#global(), told);
    root.flags = view;
    if (exchange !== undefined) exchange.flags = view;
    return view;
  }

  /** As `outcome`, for people: nothing is counted or noted, and each step of the rule is told. */
  explained(key: string, given: EvaluationContext | undefined): Explanation {
    const current = store.getStore();
    const view = current === undefined ? undefined : this.view(current);
    const set = view?.set ?? this.serving;
    const flag = set.flags.get(key);
    const kind = flag?.definition?.kind ?? 'boolean';
    const above = this.#overlay.strongest(key);
    if (above !== undefined) return explanation(this.#overlay.of(key, kind), key, above.layer, set.source, []);
    const { before, after } = this.#vendors;
    const asked = this.#asked(flag === undefined ? [...before, ...after] : before, key, kind, false, given);
    if (asked !== undefined) return explanation(asked, key, 'source', 'vendor', []);
    if (flag === undefined)
      return explanation(this.#amiss.unknown(key, set === NOTHING ? undefined : set), key, 'nothing', set.source, []);
    const scope = new Scope(this.#seconds);
    scope.call = this.merged(given);
    return explanation(flag.evaluate(scope), key, 'document', set.source, tracedSteps(flag, scope));
  }

  /** The contexts of a check, merged: for whoever must have one object. */
  merged(call: EvaluationContext | undefined): EvaluationContext {
    const current = store.getStore();
    const view = current === undefined ? undefined : this.view(current);
    const global = view === undefined ? this.#global() : view.global;
    return { ...global, ...view?.context, ...call };
  }

  #evaluated(flag: CompiledFlag, view: RequestView | undefined, call: EvaluationContext | undefined): Outcome {
    const scope = this.#scope.busy ? new Scope(this.#seconds) : this.#scope;
    scope.busy = true;
    scope.call = call;
    if (view === undefined) scope.global = this.#global();
    else {
      scope.request = view.context;
      scope.global = view.global;
    }
    const outcome = flag.evaluate(scope);
    scope.clear();
    return outcome;
  }

  /** Vendors in their order, the document in between. */
  #searched(
    key: string,
    kind: FlagKind,
    fallback: FlagValue,
    call: EvaluationContext | undefined,
    view: RequestView | undefined,
    flag: CompiledFlag | undefined,
  ): Outcome {
    const { before, after } = this.#vendors;
    if (before.length > 0) {
      const outcome = this.#asked(before, key, kind, fallback, call);
      if (outcome !== undefined) return outcome;
    }
    if (flag !== undefined) return flag.fixed ?? this.#evaluated(flag, view, call);
    if (after.length > 0) {
      const outcome = this.#asked(after, key, kind, fallback, call);
      if (outcome !== undefined) return outcome;
    }
    const set = view === undefined ? this.serving : view.set;
    return this.#amiss.unknown(key, set === NOTHING && before.length + after.length === 0 ? undefined : set);
  }

  #asked(
    vendors: readonly EvaluatingSource[],
    key: string,
    kind: FlagKind,
    fallback: FlagValue,
    call: EvaluationContext | undefined,
  ): Outcome | undefined {
    const context = this.merged(call);
    for (const vendor of vendors) {
      try {
        const evaluation = vendor.evaluate(key, kind, fallback, context);
        if (isThenable(evaluation)) atOnce(`flags ${vendor.name}`, evaluation);
        else if (evaluation !== undefined) return vendorOutcome(key, evaluation);
      } catch (cause) {
        diagnostics.report(`flags ${vendor.name}`, cause);
      }
    }
    return undefined;
  }

  #global(): EvaluationContext | undefined {
    const { global } = this.#options;
    if (typeof global !== 'function') return global;
    try {
      return atOnce('flags.context', global());
    } catch (cause) {
      diagnostics.report('flags.context', cause);
      return undefined;
    }
  }

  #requestContext({ correlationId }: Context, exchange: Exchange | undefined): EvaluationContext {
    try {
      const own = exchange === undefined ? undefined : this.#options.request?.(exchange);
      return own === undefined ? { correlation_id: correlationId } : { correlation_id: correlationId, ...own };
    } catch (cause) {
      diagnostics.report('flags.request', cause);
      return { correlation_id: correlationId };
    }
  }
}

/** Without a value of its own a vendor's answer is the fallback, which is what it was given. */
function vendorOutcome(key: string, evaluation: Evaluation): Outcome {
  const { value, variant, reason, errorCode, errorMessage, flagMetadata } = evaluation;
  const failed = errorCode !== undefined && variant === undefined;
  return new Outcome(key, {
    value: failed ? undefined : value,
    variant,
    reason,
    errorCode,
    errorMessage,
    flagMetadata,
  });
}
