import { EventEmitter } from 'node:events';
import { newSpanId, newTraceId } from '../context/ids.js';
import type { OtelApi, OtelContext, OtelContextManager } from '../context/otel.js';
import { Context, store } from '../context/store.js';
import type { Identity } from '../core/exchange.js';

/**
 * OpenTelemetry's context over our own store: one AsyncLocalStorage serves both, and what an OpenTelemetry
 * instrumentation runs keeps the request's correlation ID and logs with the IDs of its own span.
 */
export function contextManager(api: OtelApi): OtelContextManager {
  const active = (): OtelContext => store.getStore()?.otel ?? api.ROOT_CONTEXT;
  const run = <A extends unknown[], R>(otel: OtelContext, fn: (...args: A) => R, self: unknown, args: A): R =>
    store.run(derived(api, otel), Reflect.apply<unknown, A, R>, fn, self, args);

  const manager: OtelContextManager = {
    active,
    with: (otel, fn, self, ...args) => run(otel, fn, self, args),
    bind: (otel, target) => bound(manager, otel, target),
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
}

/** The context of work that runs under `otel` here: same request, and the IDs of the span that `otel` holds. */
export function derived(api: OtelApi, otel: OtelContext): Context {
  const current = store.getStore();
  if (current !== undefined && current.otel === otel) return current;
  return new Context(identityUnder(api, otel, current), current?.exchange, otel, current);
}

function identityUnder(api: OtelApi, otel: OtelContext, current: Context | undefined): Identity {
  const span = api.trace.getSpanContext(otel);
  if (span !== undefined && api.isSpanContextValid(span)) {
    return { correlationId: current?.correlationId ?? span.traceId, traceId: span.traceId, spanId: span.spanId };
  }
  if (current !== undefined) return current;
  const traceId = newTraceId();
  return { correlationId: traceId, traceId, spanId: newSpanId() };
}

/** A function runs under `otel` whoever calls it; so do the listeners of an emitter. */
function bound<T>(manager: OtelContextManager, otel: OtelContext, target: T): T {
  if (target instanceof EventEmitter) {
    const emit = target.emit;
    target.emit = function (this: EventEmitter, ...args: Parameters<typeof emit>): boolean {
      return manager.with(otel, emit, this, ...args);
    };
    return target;
  }
  if (typeof target !== 'function') return target;
  const fn: (...args: unknown[]) => unknown = target as never; // any function may be bound
  return function (this: unknown, ...args: unknown[]): unknown {
    return manager.with(otel, fn, this, ...args);
  } as T;
}
