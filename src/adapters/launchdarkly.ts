import { diagnostics, messageOf } from '../core/diagnostics.js';
import type { Evaluation, EvaluationContext, FlagKind, FlagValue } from '../flags/evaluation.js';
import type { EvaluatingSource, SourceSink } from '../flags/source.js';
import { evaluationOf, type LaunchDarklyDetail, launchDarklyContext } from './launchdarkly-answer.js';
import { Prefetched } from './prefetched.js';
import { failed } from './vendor-answer.js';
import { needsClient } from './vendor-client.js';

/** What is used of a client of `@launchdarkly/node-server-sdk` 9. Whoever made it closes it. */
export interface LaunchDarklyLike {
  initialized(): boolean;
  variationDetail(
    key: string,
    context: object,
    fallback: unknown,
    callback?: (failure: unknown, detail: LaunchDarklyDetail) => void,
  ): Promise<LaunchDarklyDetail>;
  on(event: string, listener: (about?: unknown) => void): unknown;
  off(event: string, listener: (about?: unknown) => void): unknown;
}

const METHODS = ['initialized', 'variationDetail', 'on', 'off'] as const satisfies readonly (keyof LaunchDarklyLike)[];
const MAX_FETCHING = 100;

/**
 * Flags of LaunchDarkly, evaluated by its own client: `observe({ flags: { source: launchDarkly(client) } })`.
 *
 * With its store in memory, which is its default, the client calls back before `variationDetail` returns, so the answer is
 * there at once. With a store elsewhere it does not: then `await flags.prefetch([...])` fetches ahead, a check gives what
 * was fetched last for its targeting key, or fetches for the next.
 *
 * The context is a `user` with the targeting key as its key, unless it names its own `kind`. Until the client is
 * initialized, and for a flag that it does not know, the next source is asked.
 *
 * Throws a TypeError for what is no such client.
 */
export function launchDarkly(client: LaunchDarklyLike): EvaluatingSource {
  needsClient(client, { by: 'launchDarkly()', peer: '@launchdarkly/node-server-sdk@9', methods: METHODS });
  return new LaunchDarklySource(client);
}

class LaunchDarklySource implements EvaluatingSource {
  readonly name = 'launchdarkly';
  readonly #client: LaunchDarklyLike;
  readonly #prefetched = new Prefetched<LaunchDarklyDetail>();
  readonly #fetching = new Set<string>();
  /** Its answers come after the call: what is known is not asked for again until its flags change. */
  #late = false;
  #sink: SourceSink | undefined;
  readonly #onSign = (): void => this.#sink?.alive();
  readonly #onChange = (): void => {
    this.#prefetched.forget();
    this.#sink?.alive();
  };
  readonly #onTrouble = (about: unknown): void => this.#sink?.failed(messageOf(about), about);

  constructor(client: LaunchDarklyLike) {
    this.#client = client;
    client.on('error', () => {}); // without a listener an error of its service would end the process, now or after `stop`
  }

  start(sink: SourceSink): void {
    this.stop();
    this.#sink = sink;
    this.#client.on('ready', this.#onSign);
    this.#client.on('update', this.#onChange);
    this.#client.on('error', this.#onTrouble);
    this.#client.on('failed', this.#onTrouble);
    if (this.#client.initialized()) sink.alive();
  }

  stop(): void {
    this.#sink = undefined;
    this.#client.off('ready', this.#onSign);
    this.#client.off('update', this.#onChange);
    this.#client.off('error', this.#onTrouble);
    this.#client.off('failed', this.#onTrouble);
  }

  evaluate(key: string, kind: FlagKind, fallback: FlagValue, context: EvaluationContext): Evaluation | undefined {
    if (!this.#client.initialized()) return undefined;
    const asked = launchDarklyContext(context);
    if (asked === undefined)
      return failed(fallback, 'TARGETING_KEY_MISSING', 'LaunchDarkly needs to know for whom: give a targetingKey');
    const known = this.#late ? this.#prefetched.get(key, context.targetingKey) : undefined;
    const detail = known ?? this.#asked(key, asked, fallback, context);
    return detail === undefined ? undefined : evaluationOf(detail, { key, kind, fallback });
  }

  #asked(key: string, asked: object, fallback: FlagValue, context: EvaluationContext): LaunchDarklyDetail | undefined {
    let now: LaunchDarklyDetail | undefined;
    const later = this.#client.variationDetail(key, asked, fallback, (_failure, detail) => {
      now = detail;
    });
    if (now !== undefined) return now;
    this.#late = true;
    this.#keep(later, key, context);
    return this.#prefetched.get(key, context.targetingKey);
  }

  async prefetch(keys: readonly string[], context: EvaluationContext): Promise<void> {
    const asked = launchDarklyContext(context);
    if (asked === undefined) return;
    await Promise.all(keys.map((key) => this.#fetch(this.#client.variationDetail(key, asked, null), key, context)));
  }

  /** The answer that was too late for this check is there for the next. */
  #keep(later: Promise<LaunchDarklyDetail>, key: string, context: EvaluationContext): void {
    if (this.#fetching.has(key) || this.#fetching.size >= MAX_FETCHING) {
      later.catch(() => {}); // the one that is on its way tells
      return;
    }
    this.#fetching.add(key);
    void this.#fetch(later, key, context).finally(() => this.#fetching.delete(key));
  }

  /** Never rejects. */
  async #fetch(later: Promise<LaunchDarklyDetail>, key: string, context: EvaluationContext): Promise<void> {
    try {
      this.#prefetched.set(key, context.targetingKey, await later);
    } catch (cause) {
      diagnostics.report('flags launchdarkly', cause);
    }
  }
}
