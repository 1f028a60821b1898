import type { ExporterName } from '../traces/exporters/exporters.js';
import type { ExporterOptions } from '../traces/exporters/settings.js';
import type { SpanExporterLike } from '../traces/exporters/span-exporter.js';
import type { PropagatorName } from '../traces/propagators/propagators.js';

/**
 * Spans of requests, of outgoing calls and of `span()`. Given as an object, even an empty one, it turns them on; they
 * also are on where OTEL_TRACES_EXPORTER or an OTLP endpoint is set, or the application has registered a provider of its
 * own, which is then used. `instrumentations` load the SDK, some 300 ms of CPU at `observe()`.
 */
export interface TraceOptions extends ExporterOptions {
  /**
   * Where kept traces go, or any OpenTelemetry SpanExporter. Without one they stay in memory.
   * @default `OTEL_TRACES_EXPORTER`, `otlp` where `endpoint` or `OTEL_EXPORTER_OTLP_ENDPOINT` is set, `none`
   */
  readonly exporter?: ExporterName | SpanExporterLike | undefined;
  /** Share of traces that is sampled at the head, 0 to 1. @default `OTEL_TRACES_SAMPLER` with `OTEL_TRACES_SAMPLER_ARG`, 1 */
  readonly ratio?: number | undefined;
  /** What is kept, whatever the head said, when a request or job ends; false leaves all to the head. */
  readonly keep?: false | KeepOptions | undefined;
  /** Headers that are read, the first that finds a span, and written, all of them. @default `OTEL_PROPAGATORS`, `['tracecontext', 'baggage']` */
  readonly propagators?: readonly PropagatorName[] | undefined;
  /** OpenTelemetry instrumentations of the application's (pg, redis, grpc, ...): their spans join ours. @default none */
  readonly instrumentations?: readonly unknown[] | undefined;
  /** `xray`: trace IDs begin with the time, as AWS X-Ray wants them. @default `random`; `xray` for that exporter */
  readonly ids?: 'random' | 'xray' | undefined;
}

/** Traces that are kept although the head did not sample them. */
export interface KeepOptions {
  /** Traces whose request or job failed. @default true */
  readonly errors?: boolean | undefined;
  /** `p95`: slower than 95 of 100 on the same route lately; a number: longer than so many ms. @default `p95` */
  readonly slowerThan?: 'p95' | number | undefined;
}
