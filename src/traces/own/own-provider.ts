import type { OtelContextManager, OtelPropagator, OtelTracerProvider } from '../../context/otel.js';
import { OwnTracer, type OwnTracerOptions } from './own-tracer.js';

/** Registers our spans, context and headers as OpenTelemetry's of this process. */
export function register(
  options: Omit<OwnTracerOptions, 'scope'>,
  parts: { readonly contextManager: OtelContextManager; readonly propagator: OtelPropagator },
): void {
  const provider: OtelTracerProvider = {
    getTracer: (name, version, more) =>
      new OwnTracer({ ...options, scope: { name, version, schemaUrl: more?.schemaUrl } }),
  };
  const { trace, context, propagation } = options.api;
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(parts.contextManager);
  propagation.setGlobalPropagator(parts.propagator);
}
