import { store } from '../context/store.js';
import { type Clock, systemClock } from '../core/clock.js';
import type { Observer } from '../core/exchange.js';
import { guard } from '../core/guard.js';
import type { VariantRecorder } from '../core/variant-recorder.js';
import type { ChangeListener, FlagState } from './changes.js';
import type { FlagClientOptions, FlagsHealth } from './client-options.js';
import { Control } from './control.js';
import { Engine } from './engine.js';
import { type Evaluation, type EvaluationContext, type FlagValue, kindOf } from './evaluation.js';
import type { Explanation } from './explanation.js';
import { Evaluated, exposures } from './exposure.js';
import type { FlagKey, ValueOf, Widened } from './flag-types.js';
import { FlagHandle } from './handle.js';
import type { Layer } from './overlay.js';
import type { Told } from './request-view.js';
import { type FlagsStatus, Service } from './service.js';
import { Serving } from './serving.js';

const READY_MS = 2000;

/**
 * Answers for flags, at once and always: what cannot be answered is the caller's fallback, and `details` says why. Nothing
 * here throws, and all of it works before a source has answered. What decides, the strongest first: `kill`, `override`,
 * `shed`, the document. A request keeps the flags it began with; the first three pass at once.
 */
export class FlagClient {
  #options: FlagClientOptions = {};
  readonly #control: Control;
  readonly #service: Service;
  readonly #engine: Engine;
  readonly #serving: Serving;
  #started = false;

  constructor(clock: Clock = systemClock) {
    this.#control = new Control(clock, () => this.#engine.serving);
    this.#service = new Service({
      clock,
      applied: (text, source) => this.#options.applied?.(text, source),
      serves: (set) => this.#serving.document(set),
      kill: (key, reason) => this.kill(key, reason),
    });
    this.#engine = new Engine({ clock, overlay: this.#control.overlay, vendors: this.#service });
    this.#serving = new Serving(this.#engine, this.#control);
  }

  /** Takes the options and starts the sources; what was asked for before goes on. A second call, unless stopped, changes nothing. */
  start(options: FlagClientOptions = {}): this {
    if (this.#started) return this;
    this.#started = true;
    this.#options = options;
    const { sources = [], events, context: global, request, strict = false, allowMassRemoval = false } = options;
    const told: Told | undefined =
      events && ((outcome, key) => guard('flags.events', () => events(new Evaluated(outcome, key))));
    this.#engine.configure({ strict, global, request, told });
    this.#service.start(sources, allowMassRemoval);
    return this;
  }

  /** Stops the sources; the flags stay as they are. */
  async stop(): Promise<void> {
    this.#started = false;
    this.#control.overlay.stop();
    await this.#service.stop();
  }

  /** Counts at the end of each request for what it was shown. Made here, as only its own copy of the package knows a view. */
  observer(recorder: VariantRecorder): Observer {
    return exposures(recorder);
  }

  boolean<K extends FlagKey<boolean>>(
    key: K,
    fallback: ValueOf<K, boolean>,
    context?: EvaluationContext,
  ): ValueOf<K, boolean> {
    const outcome = this.#engine.outcome(key, 'boolean', fallback, context);
    return outcome.kind === 'boolean' ? (outcome.value as ValueOf<K, boolean>) : fallback; // typeof is boolean, as asked
  }

  string<K extends FlagKey<string>>(
    key: K,
    fallback: ValueOf<K, string>,
    context?: EvaluationContext,
  ): ValueOf<K, string> {
    const outcome = this.#engine.outcome(key, 'string', fallback, context);
    return outcome.kind === 'string' ? (outcome.value as ValueOf<K, string>) : fallback; // the document is trusted for which
  }

  number<K extends FlagKey<number>>(
    key: K,
    fallback: ValueOf<K, number>,
    context?: EvaluationContext,
  ): ValueOf<K, number> {
    const outcome = this.#engine.outcome(key, 'number', fallback, context);
    return outcome.kind === 'number' ? (outcome.value as ValueOf<K, number>) : fallback; // the document is trusted for which
  }

  /** An object or a list. It is frozen, as all who ask get the same one. */
  object<T extends object, K extends FlagKey<object> = FlagKey<object>>(
    key: K,
    fallback: T,
    context?: EvaluationContext,
  ): T {
    const outcome = this.#engine.outcome(key, 'object', fallback, context);
    return outcome.kind === 'object' ? (outcome.value as T) : fallback; // the document is trusted for its shape
  }

  /** The value, and why it is that: variant, reason, error, the flag's metadata. The kind asked for is the fallback's. */
  details<T extends FlagValue>(key: FlagKey, fallback: T, context?: EvaluationContext): Evaluation<T> {
    const kind = kindOf(fallback) ?? 'object';
    const outcome = this.#engine.outcome(key, kind, fallback, context);
    return outcome.evaluation(fallback) as Evaluation<T>; // of the fallback's kind, or the fallback
  }

  /** A flag found once, for hot paths: `const checkout = flags.handle('new_checkout', false)`, then `checkout.on()`. */
  handle<T extends FlagValue>(key: FlagKey, fallback: T): FlagHandle<Widened<T>> {
    return new FlagHandle<Widened<T>>(this.#engine, key, kindOf(fallback) ?? 'object', fallback as Widened<T>);
  }

  /** Which rule decided, which bucket, and each step on the way. For people: counts as no exposure. */
  explain(key: FlagKey, context?: EvaluationContext): Explanation {
    return this.#engine.explained(key, context);
  }

  /** Off at once and for everyone, until lifted: `false` for who asks for a boolean, else the caller's fallback. */
  kill(key: FlagKey, reason: string): void {
    this.#control.off('kill', key, reason);
  }

  /** As `kill`, by an ops flag under load: an override is stronger. */
  shed(key: FlagKey, reason: string): void {
    this.#control.off('shed', key, reason);
  }

  /** Gives everyone `value`, whatever the document says. Without `ttlMs` until lifted. */
  override(
    key: FlagKey,
    value: FlagValue,
    { ttlMs = Number.POSITIVE_INFINITY }: { ttlMs?: number | undefined } = {},
  ): void {
    this.#control.override(key, value, ttlMs);
  }

  /**
   * Gives `percent` (0 to 100) to all that is not the flag's default variant, whatever share the document gives it, until
   * `undefined` gives the document its say again. Growing keeps everyone who was in; a request keeps what it began with.
   * False: the document has no such flag yet, or none that splits, and the share waits for one.
   */
  rollout(key: FlagKey, percent: number | undefined): boolean {
    return this.#serving.rollout(key, percent);
  }

  /** Takes a kill, an override or a shedding back. */
  lift(layer: Layer, key: FlagKey): void {
    this.#control.lift(layer, key);
  }

  /** Hears of every flag, or of one, that has changed, from old to new. Returns what ends it. */
  onChange(listener: ChangeListener): () => void;
  onChange(key: FlagKey | undefined, listener: ChangeListener): () => void;
  onChange(key: FlagKey | undefined | ChangeListener, listener?: ChangeListener): () => void {
    if (typeof key === 'function') return this.#control.onChange(undefined, key);
    return listener === undefined ? () => {} : this.#control.onChange(key, listener);
  }

  /** Every flag as it stands, as plain data. */
  snapshot(): readonly FlagState[] {
    return this.#control.snapshot();
  }

  health(): FlagsHealth {
    const { status, name } = this.#service;
    return { status, source: name, rejected: this.#engine.serving.faults.length, sources: this.#service.states() };
  }

  /** Says whom the current request is for, for all of its later checks. False outside of any request. */
  identify(who: string | EvaluationContext): boolean {
    const current = store.getStore();
    if (current === undefined) return false;
    const view = this.#engine.view(current);
    view.context = { ...view.context, ...(typeof who === 'string' ? { targetingKey: who } : who) };
    return true;
  }

  /** Resolves when flags are there from a live source, or the time is up, and says where they come from. Never rejects. */
  async ready({
    timeoutMs = READY_MS,
  }: {
    timeoutMs?: number | undefined;
  } = {}): Promise<{ readonly status: FlagsStatus }> {
    return { status: await this.#service.ready(timeoutMs) };
  }

  /** Fetches ahead from sources that cannot answer at once. Never rejects. */
  async prefetch(keys: readonly string[], context?: EvaluationContext): Promise<void> {
    const merged = this.#engine.merged(context);
    const { before, after } = this.#service;
    await Promise.allSettled([...before, ...after].map(async (source) => source.prefetch?.(keys, merged)));
  }
}
