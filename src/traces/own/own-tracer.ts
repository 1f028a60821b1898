import type {
  OtelApi,
  OtelContext,
  OtelSpan,
  OtelSpanContext,
  OtelSpanOptions,
  OtelTimeInput,
} from '../../context/otel.js';
import type { Clock } from '../../core/clock.js';
import { diagnostics } from '../../core/diagnostics.js';
import type { Epoch } from '../../core/epoch.js';
import type { HighResolutionTime, SpanResource, SpanScope } from '../export/finished-span.js';
import type { KeepProcessor } from '../keep.js';
import { type HeadSampler, NOT_RECORD, RECORD_AND_SAMPLED } from '../sampler.js';
import type { Moment } from './moment.js';
import { OwnSpan, type SpanHome } from './own-span.js';
import { withSpan } from './span-context.js';

const INTERNAL = 0;
const NONE = 0;
const SAMPLED = 1;
/** Numbers below are of `performance.now()`, as the API takes both: 1973 is long ago, and a process of three years is not. */
const FIRST_EPOCH_MS = 1e11;
/** In the context of an exporter's own requests (the SDK's `suppressTracing`). */
const SUPPRESSED = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** As the API has it: what is left out comes before the function. */
type Active<F> =
  | [work: F]
  | [options: OtelSpanOptions, work: F]
  | [options: OtelSpanOptions, context: OtelContext, work: F];

export interface OwnTracerOptions {
  readonly api: OtelApi;
  readonly clock: Clock;
  readonly epoch: Epoch;
  readonly resource: SpanResource;
  readonly scope: SpanScope;
  readonly sampler: HeadSampler;
  readonly keep: KeepProcessor;
  readonly newTraceId: () => string;
  readonly newSpanId: () => string;
}

/**
 * Makes our own spans: those of requests, of calls and of `span()`. They go by the same sampler and the same decision at the
 * end as those that the SDK makes for the application's instrumentations, and each may be the other's parent.
 */
export class OwnTracer implements SpanHome {
  readonly resource: SpanResource;
  readonly scope: SpanScope;
  readonly #options: OwnTracerOptions;

  constructor(options: OwnTracerOptions) {
    this.#options = options;
    this.resource = options.resource;
    this.scope = options.scope;
  }

  startSpan(
    name: string,
    options: OtelSpanOptions = {},
    context: OtelContext = this.#options.api.context.active(),
  ): OtelSpan {
    const { api, sampler, keep, newTraceId, newSpanId } = this.#options;
    if (context.getValue(SUPPRESSED) === true) return api.trace.wrapSpanContext(api.INVALID_SPAN_CONTEXT);
    const above = options.root === true ? api.trace.deleteSpan(context) : context;
    const parentSpan = api.trace.getSpan(above);
    const parent = validContext(api, parentSpan);
    const traceId = parent?.traceId ?? newTraceId();
    const { decision } = sampler.decide(parent, above, traceId);
    const traceFlags = decision === RECORD_AND_SAMPLED ? SAMPLED : NONE;
    const traceState = parent?.traceState;
    const ids: OtelSpanContext =
      traceState === undefined
        ? { traceId, spanId: newSpanId(), traceFlags }
        : { traceId, spanId: newSpanId(), traceFlags, traceState };
    if (decision === NOT_RECORD) return api.trace.wrapSpanContext(ids);
    const span = new OwnSpan(this, name, options.kind ?? INTERNAL, ids, parent, this.momentOf(options.startTime));
    try {
      if (options.attributes !== undefined) span.setAttributes(options.attributes);
      if (options.links !== undefined) span.addLinks(options.links);
    } catch (cause) {
      diagnostics.report('attributes of a span', cause); // of an application's own making: a getter that throws
    }
    keep.started(span, parentSpan);
    return span;
  }

  startActiveSpan<F extends (span: OtelSpan) => unknown>(name: string, ...rest: Active<F>): ReturnType<F> {
    const work = rest[rest.length - 1] as F; // always the last
    const [options = {}, context = this.#options.api.context.active()] = rest.slice(0, -1) as [
      OtelSpanOptions?,
      OtelContext?,
    ];
    const span = this.startSpan(name, options, context);
    return this.#options.api.context.with(
      withSpan(context, span),
      work as (span: OtelSpan) => ReturnType<F>,
      undefined,
      span,
    );
  }

  momentOf(given: OtelTimeInput | undefined): Moment {
    const { clock, epoch } = this.#options;
    if (typeof given === 'number') return given < FIRST_EPOCH_MS ? epoch.at(given) : given;
    if (given === undefined) return epoch.now(clock.monotonic());
    return given instanceof Date ? given.getTime() : (given as HighResolutionTime); // as the API has it
  }

  wants(span: OwnSpan): boolean {
    return this.#options.keep.wants(span);
  }

  ending(span: OwnSpan): void {
    this.#options.keep.onEnding(span);
  }

  ended(span: OwnSpan): void {
    this.#options.keep.onEnd(span);
  }
}

function validContext({ isSpanContextValid }: OtelApi, span: OtelSpan | undefined): OtelSpanContext | undefined {
  if (span === undefined) return undefined;
  const context = span.spanContext();
  return span instanceof OwnSpan || isSpanContextValid(context) ? context : undefined;
}
