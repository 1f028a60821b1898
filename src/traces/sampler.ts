import type { OtelApi, OtelContext, OtelSpanContext } from '../context/otel.js';

/** OpenTelemetry's SamplingDecision: recorded for the tail decision here, or recorded and sampled for all downstream. */
export const NOT_RECORD = 0;
const RECORD = 1;
export const RECORD_AND_SAMPLED = 2;
const SAMPLED = 1;

/** 2^32: the last eight hex digits of a trace ID are compared as a number below it (W3C level 2: random). */
const RANGE = 0x1_0000_0000;
/** Greater than any text of eight hex digits. */
const ABOVE_ALL = 'g';

interface Sampler {
  shouldSample(context: OtelContext, traceId: string): { readonly decision: number };
  toString(): string;
}

export interface SamplerOptions {
  /** Share of traces sampled from their head, 0 to 1. */
  readonly ratio: number;
  /** Whether spans that the head did not choose are recorded all the same, for the decision at the end. */
  readonly records: boolean;
}

const NO = { decision: NOT_RECORD };
const MAYBE = { decision: RECORD };
const YES = { decision: RECORD_AND_SAMPLED };

/**
 * Decides at the head by ratio of trace IDs, so that services of one ratio choose the same traces without trusting one
 * another's flags. A client chooses the trace ID it sends; a budget sees to it that a well-chosen one, sent again and
 * again, is not sampled above the ratio.
 */
export class HeadSampler implements Sampler {
  readonly #api: OtelApi;
  readonly #ratio: number;
  /** Trace IDs whose last eight digits are below it, as text, are chosen: one comparison a request. */
  readonly #limit: string;
  readonly #budget: Budget;
  readonly #otherwise: { readonly decision: number };

  constructor(api: OtelApi, { ratio, records }: SamplerOptions) {
    this.#api = api;
    this.#ratio = ratio;
    const limit = Math.ceil(ratio * RANGE);
    this.#limit = limit >= RANGE ? ABOVE_ALL : limit.toString(16).padStart(8, '0');
    this.#budget = new Budget(ratio);
    this.#otherwise = records ? MAYBE : NO;
  }

  shouldSample(context: OtelContext, traceId: string): { readonly decision: number } {
    return this.decide(this.#api.trace.getSpanContext(context), context, traceId);
  }

  /** The same for who knows the parent in `context`. */
  decide(parent: OtelSpanContext | undefined, context: OtelContext, traceId: string): { readonly decision: number } {
    if (parent !== undefined && (parent.isRemote !== true || context.getValue(TRUSTED) === true)) {
      return (parent.traceFlags & SAMPLED) === SAMPLED ? YES : this.#otherwise;
    }
    const chosen = traceId.slice(-8) < this.#limit;
    if (parent === undefined) return chosen ? YES : this.#otherwise;
    return this.#budget.allows(chosen) ? YES : this.#otherwise;
  }

  toString(): string {
    return `fourlights{ratio=${this.#ratio}}`;
  }
}

/** In OpenTelemetry's context: the caller may decide for us (`trust: 'full'`). */
export const TRUSTED: symbol = Symbol.for('fourlights.trusted');

/** Chosen traces come in clusters: so many in a row pass, and a quarter more than the ratio over time. */
const BURST = 10;
const SLACK = 1.25;

/** Lets what was chosen through as long as that is at most about `ratio` of all that came. */
class Budget {
  readonly #ratio: number;
  #tokens = BURST;

  constructor(ratio: number) {
    this.#ratio = ratio;
  }

  allows(chosen: boolean): boolean {
    this.#tokens = Math.min(BURST, this.#tokens + this.#ratio * SLACK);
    if (!chosen || this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
