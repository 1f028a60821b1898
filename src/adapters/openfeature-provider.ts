import type { Evaluation, EvaluationContext, FlagValue } from '../flags/evaluation.js';
import { OpenFeatureEvents } from './openfeature-events.js';
import type { JsonValue, Provider, ResolutionDetails } from './openfeature-sdk.js';

/** What is used of `flags`. */
export interface FlagsLike {
  details<T extends FlagValue>(key: string, fallback: T, context?: EvaluationContext): Evaluation<T>;
  ready(options?: { timeoutMs?: number | undefined }): Promise<{ readonly status: string }>;
  onChange(listener: (change: { readonly key: string }) => void): () => void;
}

/** For `new FourlightsProvider(flags, options)`. */
export interface FourlightsProviderOptions {
  /** The longest that `setProviderAndWait` waits for a source. 2 s unless told. */
  readonly timeoutMs?: number | undefined;
}

/**
 * fourlights' flags as an OpenFeature provider for servers: `OpenFeature.setProvider(new FourlightsProvider(flags))`.
 *
 * It is ready once a source serves, stale while a backup or the bootstrap does, and in error while there are no flags; it
 * gets well by itself. A change of flags is an event. Checks made here count for their request as all others do.
 *
 * A check through the SDK costs many times what `flags.boolean` costs, and is a promise: on hot paths call `flags`.
 */
export class FourlightsProvider implements Provider {
  readonly metadata = { name: 'fourlights' } as const;
  readonly runsOn = 'server';
  readonly events: OpenFeatureEvents = new OpenFeatureEvents();
  readonly #flags: FlagsLike;
  readonly #timeoutMs: number | undefined;
  #changed: string[] = [];
  #forget: () => void = () => {};

  constructor(flags: FlagsLike, options: FourlightsProviderOptions = {}) {
    this.#flags = flags;
    this.#timeoutMs = options.timeoutMs;
  }

  /** Rejects while there are no flags at all, as OpenFeature has it. */
  async initialize(): Promise<void> {
    this.#forget();
    this.#forget = this.#flags.onChange(({ key }) => this.#note(key));
    const { status } = await this.#flags.ready({ timeoutMs: this.#timeoutMs });
    if (status === 'defaults') throw new Error('no source of flags has answered yet');
    if (status !== 'live') this.#later('PROVIDER_STALE', `the flags are those of the ${status}`);
  }

  async onClose(): Promise<void> {
    this.#forget();
    this.#forget = () => {};
  }

  async resolveBooleanEvaluation(key: string, fallback: boolean, context: object): Promise<ResolutionDetails<boolean>> {
    return resolution(this.#flags.details(key, fallback, { ...context }));
  }

  async resolveStringEvaluation(key: string, fallback: string, context: object): Promise<ResolutionDetails<string>> {
    return resolution(this.#flags.details(key, fallback, { ...context }));
  }

  async resolveNumberEvaluation(key: string, fallback: number, context: object): Promise<ResolutionDetails<number>> {
    return resolution(this.#flags.details(key, fallback, { ...context }));
  }

  async resolveObjectEvaluation<T extends JsonValue>(
    key: string,
    fallback: T,
    context: object,
  ): Promise<ResolutionDetails<T>> {
    return resolution(this.#flags.details(key, fallback as T & object, { ...context })); // the SDK's word for an object
  }

  /** A document changes many flags at once: one event for all of them. */
  #note(key: string): void {
    this.#changed.push(key);
    if (this.#changed.length > 1) return;
    queueMicrotask(() => {
      const flagsChanged = this.#changed;
      this.#changed = [];
      this.events.emit('PROVIDER_READY');
      this.events.emit('PROVIDER_CONFIGURATION_CHANGED', { flagsChanged });
    });
  }

  /** After the SDK has noted that this provider is initialized. */
  #later(event: 'PROVIDER_STALE', message: string): void {
    setImmediate(() => this.events.emit(event, { message }));
  }
}

/** An error code makes the SDK give the caller's fallback, so it goes along where we do the same. */
function resolution<T>(evaluation: Evaluation<T & FlagValue>): ResolutionDetails<T> {
  const { value, variant, reason, errorCode, errorMessage, flagMetadata } = evaluation;
  return {
    value,
    reason,
    flagMetadata: { ...flagMetadata },
    ...(variant === undefined ? {} : { variant }),
    ...(reason === 'ERROR' && errorCode !== undefined ? { errorCode: errorCode as ErrorCodeOfSdk } : {}), // the enum's values are its names
    ...(errorMessage === undefined ? {} : { errorMessage }),
  };
}

type ErrorCodeOfSdk = NonNullable<ResolutionDetails<unknown>['errorCode']>;
