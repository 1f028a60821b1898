import type { OtelApi, OtelSpan, OtelSpanOptions, OtelTracer } from '../context/otel.js';
import { runIn } from '../context/store.js';
import { ERROR_TYPE } from '../core/attributes.js';
import type { Clock } from '../core/clock.js';
import { messageOf } from '../core/diagnostics.js';
import { type Epoch, type EpochTime, epochTime } from '../core/epoch.js';
import { isThenable } from '../core/thenable.js';
import { derived } from './context-manager.js';
import { noSpan } from './no-span.js';
import { withSpan } from './own/span-context.js';

/** What `span()` opens spans with; without it, its function just runs. */
export interface SpanTools {
  readonly api: OtelApi;
  readonly tracer: OtelTracer;
  readonly clock: Clock;
  readonly epoch: Epoch;
}

type Work<T> = (span: OtelSpan) => T;

/**
 * Runs `work` in a span of that name, sync or async; the span ends when the result is there. An error is recorded on the
 * span and thrown on. Log lines written inside carry the span's ID.
 */
export function runInSpan<T>(tools: SpanTools | undefined, name: string, options: OtelSpanOptions, work: Work<T>): T {
  if (tools === undefined) return work(noSpan);
  const { api } = tools;
  const timed = new Timed(tools, name, options);
  const otel = withSpan(api.context.active(), timed.span);
  try {
    const result = runIn(derived(api, otel), work, timed.span);
    if (isThenable(result)) return following(timed, result) as T; // a promise for the same value
    timed.end();
    return result;
  } catch (cause) {
    timed.fail(cause);
    throw cause;
  }
}

/** A span that is timed by the monotonic clock, whatever becomes of the wall's meanwhile. */
class Timed {
  readonly span: OtelSpan;
  readonly #tools: SpanTools;
  readonly #startedMs: number;
  readonly #epochMs: number;

  constructor(tools: SpanTools, name: string, options: OtelSpanOptions) {
    this.#tools = tools;
    this.#startedMs = tools.clock.monotonic();
    this.#epochMs = tools.epoch.at(this.#startedMs);
    this.span = tools.tracer.startSpan(
      name,
      { startTime: epochTime(this.#epochMs), ...options },
      tools.api.context.active(),
    );
  }

  end(endTime = this.#now()): void {
    this.span.end(endTime);
  }

  fail(cause: unknown): void {
    const { span } = this;
    const endTime = this.#now();
    if (cause instanceof Error) {
      span.recordException(cause, endTime); // by its own clock, the SDK might have it happen after the end
      span.setAttribute(ERROR_TYPE, cause.name);
    }
    span.setStatus({ code: this.#tools.api.SpanStatusCode.ERROR, message: messageOf(cause) });
    this.end(endTime);
  }

  #now(): EpochTime {
    return epochTime(this.#epochMs + this.#tools.clock.monotonic() - this.#startedMs);
  }
}

function following(timed: Timed, result: PromiseLike<unknown>): PromiseLike<unknown> {
  return result.then(
    (value) => {
      timed.end();
      return value;
    },
    (cause: unknown) => {
      timed.fail(cause);
      throw cause;
    },
  );
}
