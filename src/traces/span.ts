import type { OtelApi, OtelSpan, OtelSpanOptions, OtelTracer } from '../context/otel.js';
import { store } from '../context/store.js';
import { derived } from './context-manager.js';
import { noSpan } from './no-span.js';

/** What `span()` opens spans with; without it, its function just runs. */
export interface SpanTools {
  readonly api: OtelApi;
  readonly tracer: OtelTracer;
}

type Work<T> = (span: OtelSpan) => T;

/**
 * Runs `work` in a span of that name, sync or async; the span ends when the result is there. An error is recorded on the
 * span and thrown on. Log lines written inside carry the span's ID.
 */
export function runInSpan<T>(tools: SpanTools | undefined, name: string, options: OtelSpanOptions, work: Work<T>): T {
  if (tools === undefined) return work(noSpan);
  const { api, tracer } = tools;
  const parent = api.context.active();
  const span = tracer.startSpan(name, options, parent);
  const otel = api.trace.setSpan(parent, span);
  try {
    const result = api.context.with(otel, () => store.run(derived(api, otel), work, span));
    if (isThenable(result)) return following(api, span, result) as T; // a promise for the same value
    span.end();
    return result;
  } catch (cause) {
    fail(api, span, cause);
    throw cause;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function following(api: OtelApi, span: OtelSpan, result: PromiseLike<unknown>): PromiseLike<unknown> {
  return result.then(
    (value) => {
      span.end();
      return value;
    },
    (cause: unknown) => {
      fail(api, span, cause);
      throw cause;
    },
  );
}

function fail(api: OtelApi, span: OtelSpan, cause: unknown): void {
  if (cause instanceof Error) {
    span.recordException(cause);
    span.setAttribute('error.type', cause.name);
  }
  span.setStatus({ code: api.SpanStatusCode.ERROR, message: cause instanceof Error ? cause.message : String(cause) });
  span.end();
}
