import type { Evaluation, EvaluationContext, FlagKind, FlagValue } from '../flags/evaluation.js';
import type { EvaluatingSource, SourceSink } from '../flags/source.js';
import { JsonValues } from './json-values.js';
import { type UnleashContext, unleashContext } from './unleash-context.js';
import { answered, type Check, failed, unanswered } from './vendor-answer.js';
import { needsClient } from './vendor-client.js';

/** What is used of a client of `unleash-client` 6. Whoever made it starts it and destroys it. */
export interface UnleashLike {
  isEnabled(name: string, context: UnleashContext, fallback: boolean): boolean;
  getVariant(name: string, context: UnleashContext): UnleashVariant;
  getFeatureToggleDefinition(name: string): UnleashToggle | undefined;
  isSynchronized(): boolean;
  on(event: string, listener: (about?: unknown) => void): unknown;
  off(event: string, listener: (about?: unknown) => void): unknown;
}

/** What `getVariant` answers; Unleash sends every payload as text. */
export interface UnleashVariant {
  readonly name: string;
  readonly enabled: boolean;
  readonly payload?: { readonly type: string; readonly value: string } | undefined;
}

/** What is read of a flag's definition. */
export interface UnleashToggle {
  readonly name: string;
  readonly enabled: boolean;
  readonly strategies?: readonly { readonly name: string }[] | undefined;
}

const METHODS = [
  'isEnabled',
  'getVariant',
  'getFeatureToggleDefinition',
  'isSynchronized',
  'on',
  'off',
] as const satisfies readonly (keyof UnleashLike)[];

/** Its client has heard from the service: by one of these or by another. */
const SIGNS = ['ready', 'synchronized', 'changed', 'unchanged'] as const;
const TROUBLES = ['error', 'warn'] as const;

/**
 * Flags of Unleash, evaluated by its own client: `observe({ flags: { source: unleash(client) } })`.
 *
 * A boolean is `isEnabled`, with `on` and `off` as its variants. A text, a number or an object is the payload of
 * `getVariant`; a variant without payload is its name as a text. Each check asks the client once, so metrics and impression
 * data count it once. The targeting key goes as `userId`. Until the client is ready, and for a flag that it does not know,
 * the next source is asked.
 *
 * Throws a TypeError for what is no such client.
 */
export function unleash(client: UnleashLike): EvaluatingSource {
  needsClient(client, { by: 'unleash()', peer: 'unleash-client@6', methods: METHODS });
  return new UnleashSource(client);
}

class UnleashSource implements EvaluatingSource {
  readonly name = 'unleash';
  readonly #client: UnleashLike;
  readonly #payloads = new JsonValues();
  #sink: SourceSink | undefined;
  readonly #onSign = (): void => this.#sink?.alive();
  readonly #onTrouble = (about: unknown): void =>
    this.#sink?.failed(about instanceof Error ? about.message : String(about), about);

  constructor(client: UnleashLike) {
    this.#client = client;
    client.on('error', () => {}); // without a listener an error of its service would end the process, now or after `stop`
  }

  start(sink: SourceSink): void {
    this.stop();
    this.#sink = sink;
    for (const event of SIGNS) this.#client.on(event, this.#onSign);
    for (const event of TROUBLES) this.#client.on(event, this.#onTrouble);
    if (this.#client.isSynchronized()) sink.alive();
  }

  stop(): void {
    this.#sink = undefined;
    for (const event of SIGNS) this.#client.off(event, this.#onSign);
    for (const event of TROUBLES) this.#client.off(event, this.#onTrouble);
  }

  evaluate(key: string, kind: FlagKind, fallback: FlagValue, context: EvaluationContext): Evaluation | undefined {
    const toggle = this.#client.getFeatureToggleDefinition(key);
    if (typeof toggle !== 'object' || toggle.name !== key) return undefined; // its map is a plain object, which has a `toString`
    const asked = unleashContext(context);
    const check = { key, kind, fallback };
    return kind === 'boolean' ? this.#enabled(toggle, check, asked) : this.#variant(toggle, check, asked);
  }

  #enabled(toggle: UnleashToggle, check: Check, context: UnleashContext): Evaluation {
    const value = this.#client.isEnabled(check.key, context, check.fallback === true);
    return answered(check, value, { variant: value ? 'on' : 'off', reason: reasonOf(toggle, value) });
  }

  #variant(toggle: UnleashToggle, check: Check, context: UnleashContext): Evaluation {
    const { key, fallback } = check;
    const { name, enabled, payload } = this.#client.getVariant(key, context);
    if (!enabled) return unanswered(fallback, toggle.enabled ? 'DEFAULT' : 'DISABLED');
    const facts = { variant: name, reason: reasonOf(toggle, true) };
    if (payload === undefined) return answered(check, name, facts);
    const value = this.#valueOf(payload);
    if (value !== undefined) return answered(check, value, facts);
    return failed(fallback, 'PARSE_ERROR', `flag "${key}": the payload of variant "${name}" is no ${payload.type}`);
  }

  /** Unleash sends every payload as text. */
  #valueOf({ type, value }: { readonly type: string; readonly value: string }): unknown {
    if (type === 'json') return this.#payloads.of(value);
    if (type !== 'number') return value;
    const number = value.trim() === '' ? Number.NaN : Number(value);
    return Number.isFinite(number) ? number : undefined;
  }
}

/** Unleash says no reason; this is what its definition tells. */
function reasonOf({ enabled, strategies = [] }: UnleashToggle, value: boolean): string {
  if (!enabled) return 'DISABLED';
  if (strategies.every(({ name }) => name === 'default')) return 'STATIC';
  return value ? 'TARGETING_MATCH' : 'DEFAULT';
}
