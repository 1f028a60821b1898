import { after } from '../core/after.js';
import { type Clock, systemClock } from '../core/clock.js';
import { diagnostics, messageOf } from '../core/diagnostics.js';
import { type Evaluation, type EvaluationContext, type FlagKind, type FlagValue, kindOf } from '../flags/evaluation.js';
import type { EvaluatingSource, SourceSink } from '../flags/source.js';
import { codeOf, DEFAULTS, errorOf, evaluationOf, type Resolution } from './openfeature-resolution.js';
import type { EventHandler, Logger, Provider, SdkContext, ServerProviderEvents } from './openfeature-sdk.js';
import { Prefetched } from './prefetched.js';
import { needsClient } from './vendor-client.js';

/** For `fromOpenFeature(provider, options)`. */
export interface FromOpenFeatureOptions {
  /** The longest that `flags.prefetch` waits for the provider. 1 s unless told. */
  readonly timeoutMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

type Asked = { readonly [K in FlagKind]: (key: string, context: SdkContext) => Promise<Resolution> };
type Fetched = Resolution | 'unknown';

const KINDS: readonly FlagKind[] = ['boolean', 'string', 'number', 'object'];
const MAX_KINDS = 5000;
const METHODS = [
  'resolveBooleanEvaluation',
  'resolveStringEvaluation',
  'resolveNumberEvaluation',
  'resolveObjectEvaluation',
] as const satisfies readonly (keyof Provider)[];

/**
 * Any OpenFeature provider for servers as a source: `observe({ flags: { source: fromOpenFeature(provider) } })`.
 *
 * A provider answers with a promise, so flags are fetched ahead, at the start of a request: `await flags.prefetch(['a', 'b'])`;
 * from there on checks are synchronous and do not change within the request. Elsewhere a check gives what was fetched last
 * for its targeting key. What was never fetched is asked of the next source, and told once.
 *
 * The provider is initialized and closed with the flags. Its hooks are not run: they belong to the SDK.
 *
 * Throws a TypeError for what is no provider.
 */
export function fromOpenFeature(provider: Provider, options: FromOpenFeatureOptions = {}): EvaluatingSource {
  needsClient(provider, { by: 'fromOpenFeature()', peer: '@openfeature/server-sdk@1', methods: METHODS });
  return new OpenFeatureSource(provider, options);
}

class OpenFeatureSource implements EvaluatingSource {
  readonly name: string;
  readonly #provider: Provider;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #prefetched = new Prefetched<Fetched>();
  /** As which kind a flag was asked for last: it is fetched as that. */
  readonly #kinds = new Map<string, FlagKind>();
  readonly #asked: Asked;
  #sink: SourceSink | undefined;
  readonly #handlers: Readonly<Record<`${ServerProviderEvents}`, EventHandler>> = {
    PROVIDER_READY: () => this.#sink?.alive(),
    PROVIDER_CONFIGURATION_CHANGED: () => {
      this.#prefetched.forget();
      this.#sink?.alive();
    },
    PROVIDER_ERROR: (about) => this.#sink?.failed(about?.message ?? 'the provider says that it fails'),
    PROVIDER_STALE: (about) => this.#sink?.failed(about?.message ?? 'the provider says that it is stale'),
  };

  constructor(provider: Provider, { timeoutMs = 1000, clock = systemClock }: FromOpenFeatureOptions) {
    this.name = `openfeature ${provider.metadata.name}`;
    this.#provider = provider;
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
    this.#asked = {
      boolean: (key, context) => provider.resolveBooleanEvaluation(key, DEFAULTS.boolean, context, silent),
      string: (key, context) => provider.resolveStringEvaluation(key, DEFAULTS.string, context, silent),
      number: (key, context) => provider.resolveNumberEvaluation(key, DEFAULTS.number, context, silent),
      object: (key, context) => provider.resolveObjectEvaluation(key, DEFAULTS.object, context, silent),
    };
  }

  start(sink: SourceSink): void {
    this.#sink = sink;
    for (const [event, handler] of this.#events()) this.#provider.events?.addHandler(event, handler);
    void this.#initialize();
  }

  async stop(): Promise<void> {
    this.#sink = undefined;
    for (const [event, handler] of this.#events()) this.#provider.events?.removeHandler(event, handler);
    await this.#provider.onClose?.();
  }

  evaluate(key: string, kind: FlagKind, fallback: FlagValue, context: EvaluationContext): Evaluation | undefined {
    if (this.#kinds.size < MAX_KINDS || this.#kinds.has(key)) this.#kinds.set(key, kind);
    const fetched = this.#prefetched.get(key, context.targetingKey);
    if (fetched === undefined) this.#tellNotFetched(key);
    return fetched === undefined || fetched === 'unknown' ? undefined : evaluationOf(fetched, { key, kind, fallback });
  }

  async prefetch(keys: readonly string[], context: EvaluationContext): Promise<void> {
    let cancel = (): void => {};
    const late = new Promise<void>((resolve) => {
      cancel = after(this.#clock, this.#timeoutMs, () => {
        this.#sink?.failed(`no answer within ${this.#timeoutMs} ms`);
        resolve();
      });
    });
    const fetched = Promise.all(keys.map((key) => this.#fetch(key, context)));
    await Promise.race([fetched, late]);
    cancel();
  }

  /** Never rejects. */
  async #fetch(key: string, context: EvaluationContext): Promise<void> {
    try {
      this.#prefetched.set(key, context.targetingKey, await this.#resolved(key, context));
    } catch (cause) {
      const fetched = codeOf(cause) === 'FLAG_NOT_FOUND' ? 'unknown' : errorOf(cause);
      this.#prefetched.set(key, context.targetingKey, fetched);
    }
  }

  /** As the kind that it is asked for; until that is known, as one after the other. */
  async #resolved(key: string, context: EvaluationContext): Promise<Fetched> {
    const known = this.#kinds.get(key);
    let resolution: Resolution | undefined;
    for (const kind of known === undefined ? KINDS : [known]) {
      // what is no JSON in it is the provider's to judge
      resolution = await this.#asked[kind](key, context as SdkContext).catch(errorOf);
      if (resolution.errorCode === 'FLAG_NOT_FOUND') return 'unknown';
      if (resolution.errorCode !== 'TYPE_MISMATCH' && kindOf(resolution.value) === kind) return resolution;
    }
    return resolution ?? 'unknown';
  }

  #events(): [ServerProviderEvents, EventHandler][] {
    return Object.entries(this.#handlers) as [ServerProviderEvents, EventHandler][]; // the enum's values are the keys
  }

  async #initialize(): Promise<void> {
    try {
      await this.#provider.initialize?.({});
      this.#sink?.alive();
    } catch (cause) {
      this.#sink?.failed(messageOf(cause), cause);
    }
  }

  #tellNotFetched(key: string): void {
    diagnostics.drop('flags', 'not_prefetched');
    diagnostics.warn(
      'flags.not_prefetched',
      `flag "${key.slice(0, 100)}" of ${this.name} was asked for before it was fetched: await flags.prefetch(["..."]) at the start of the request`,
    );
  }
}

const nothing = (): void => {};
const silent: Logger = { error: nothing, warn: nothing, info: nothing, debug: nothing };
