import { store } from './store.js';

interface OtelContext {
  setValue(key: symbol, value: unknown): OtelContext;
}

interface OtelContextManager {
  active(): OtelContext;
  with<T>(context: OtelContext, work: () => T): T;
}

/** Where every copy of @opentelemetry/api keeps what was registered (api 1.x, internal/global-utils). */
const API = Symbol.for('opentelemetry.js.api.1');
/** What every OpenTelemetry instrumentation asks before it makes a span (@opentelemetry/core, trace/suppress-tracing). */
const SUPPRESS_TRACING = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/**
 * Runs our own sending in no context of a request and without OpenTelemetry's tracing. Else an export would make a span,
 * whose export would make a span; and the receiver would be told the IDs of a request that it has nothing to do with.
 */
export function unobserved<T>(work: () => T): T {
  return store.exit(() => {
    const manager = (globalThis as { [API]?: { context?: OtelContextManager } })[API]?.context;
    if (manager === undefined) return work();
    return manager.with(manager.active().setValue(SUPPRESS_TRACING, true), work);
  });
}
