import type { Exchange, Observer } from '../core/exchange.js';
import type { VariantRecorder } from '../core/variant-recorder.js';
import type { Outcome } from './outcome.js';
import { RequestView } from './request-view.js';

/** An OpenTelemetry log event, `feature_flag.evaluation`: the first of each flag and variant in a request. */
export interface EvaluationEvent {
  readonly name: typeof EVENT_NAME;
  /** The same whenever it is asked: made then, as most spans are dropped with their events. */
  attributes(): Readonly<Record<string, string | number | boolean>>;
}

/** Puts events on the span or into the log. Called within the check, so it must not wait; what it throws is reported. */
export type EventSink = (event: EvaluationEvent) => void;

export const EVENT_NAME = 'feature_flag.evaluation';

/** Semantic conventions of OpenTelemetry, feature flags: release candidate. */
const KEY = 'feature_flag.key';
const VARIANT = 'feature_flag.result.variant';
const VALUE = 'feature_flag.result.value';
const REASON = 'feature_flag.result.reason';
const CONTEXT_ID = 'feature_flag.context.id';
const PROVIDER = 'feature_flag.provider.name';
const SET_ID = 'feature_flag.set.id';
const VERSION = 'feature_flag.version';
const ERROR_TYPE = 'error.type';
/** Earlier pages name it `error.message`. */
const ERROR_MESSAGE = 'feature_flag.error.message';

/** How a flag came out, as such an event. */
export class Evaluated implements EvaluationEvent {
  readonly name = EVENT_NAME;
  readonly #outcome: Outcome;
  readonly #targetingKey: string | undefined;

  constructor(outcome: Outcome, targetingKey: string | undefined) {
    this.#outcome = outcome;
    this.#targetingKey = targetingKey;
  }

  attributes(): ReturnType<EvaluationEvent['attributes']> {
    return attributesOf(this.#outcome, this.#targetingKey);
  }
}

function attributesOf(outcome: Outcome, targetingKey: string | undefined): Record<string, string | number | boolean> {
  const { key, variant, value, reason, errorCode, errorMessage, flagMetadata: metadata } = outcome;
  const contextId = metadata['contextId'] ?? targetingKey;
  const attributes: Record<string, string | number | boolean> = {
    [KEY]: key,
    [REASON]: reason.toLowerCase(),
    [PROVIDER]: 'fourlights',
  };
  if (variant !== undefined) attributes[VARIANT] = variant;
  else if (value !== undefined) attributes[VALUE] = typeof value === 'object' ? JSON.stringify(value) : value;
  if (contextId !== undefined) attributes[CONTEXT_ID] = contextId;
  if (metadata['flagSetId'] !== undefined) attributes[SET_ID] = metadata['flagSetId'];
  if (metadata['version'] !== undefined) attributes[VERSION] = metadata['version'];
  if (errorCode !== undefined) attributes[ERROR_TYPE] = errorCode.toLowerCase();
  if (errorMessage !== undefined) attributes[ERROR_MESSAGE] = errorMessage;
  return attributes;
}

/** When a request has ended, its latency and outcome count for each flag and variant that it was shown. */
export function exposures(recorder: VariantRecorder): Observer {
  return {
    name: 'flag exposures',
    end: (exchange: Exchange) => {
      const view = exchange.flags;
      if (!(view instanceof RequestView)) return;
      for (const { key, variant } of view.exposures()) {
        if (variant !== undefined) recorder.record(key, variant, exchange);
      }
    },
  };
}
