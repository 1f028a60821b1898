import type * as Otel from '@opentelemetry/api';
import { diagnostics } from '../core/diagnostics.js';
import { load } from '../core/load.js';

/** The OpenTelemetry API, as a type: the package itself is loaded when first needed, as it costs half of our own import. */
export type OtelApi = typeof Otel;
export type OtelContext = Otel.Context;
export type OtelContextManager = Otel.ContextManager;
export type OtelPropagator = Otel.TextMapPropagator;
export type OtelSpan = Otel.Span;
export type OtelSpanContext = Otel.SpanContext;
export type OtelSpanOptions = Otel.SpanOptions;
export type OtelTracerProvider = Otel.TracerProvider;
/** What we need of a tracer: an application's, or ours. */
export type OtelTracer = Pick<Otel.Tracer, 'startSpan'>;
export type OtelAttributes = Otel.Attributes;
export type OtelLink = Otel.Link;
export type OtelSpanStatus = Otel.SpanStatus;
export type OtelTimeInput = Otel.TimeInput;

/** Key under which every copy of the OpenTelemetry API keeps what was registered. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');

let api: OtelApi | undefined;
let failed = false;

/** `undefined` where the package cannot be loaded, which is said once. */
export function otelApi(): OtelApi | undefined {
  if (api !== undefined || failed) return api;
  try {
    api = load('@opentelemetry/api') as OtelApi; // its own types
  } catch (cause) {
    failed = true;
    diagnostics.warn('otel api', 'cannot load @opentelemetry/api: traces are off', cause);
  }
  return api;
}

/** True once somebody, we or the application, has registered a tracer provider with any copy of the API. */
export function hasProvider(): boolean {
  return (globalThis as { [REGISTERED]?: { trace?: unknown } })[REGISTERED]?.trace !== undefined;
}
