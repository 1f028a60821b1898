import { diagnostics } from '../core/diagnostics.js';
import type { Exchange, Observer } from '../core/exchange.js';
import { accessFields, rounded } from './access-line.js';
import { LEVELS } from './levels.js';
import type { LogState } from './logger.js';

/** Which of the `http_request` lines are written: one per exchange unless told otherwise. */
export interface AccessLogOptions {
  /** Share of the lines of `ok` exchanges that is written, 0 to 1. Errors and aborts are always written. Default 1. */
  readonly sample?: number | undefined;
  /** Route templates, or paths, whose `ok` exchanges leave no line. */
  readonly ignore?: readonly string[] | undefined;
}

const LEVEL_OF = { ok: 'info', aborted: 'warn', error: 'error' } as const;

/** One line `http_request` per exchange, at its end: level by outcome. */
export function accessLog(state: LogState, options: AccessLogOptions): Observer {
  const sample = options.sample ?? 1;
  const ignored = new Set(options.ignore);
  const isWanted = (exchange: Exchange): boolean =>
    exchange.outcome !== 'ok' ||
    ((sample >= 1 || Math.random() < sample) && !ignored.has(exchange.route) && !ignored.has(exchange.path));

  return {
    name: 'access log',
    end: (exchange) => {
      const level = LEVEL_OF[exchange.outcome];
      if (LEVELS[level] < state.threshold || !isWanted(exchange)) return;
      try {
        if (exchange.outcome === 'error') state.pair.own[level](fields(exchange), 'http_request');
        else state.pair.line(level, accessFields(exchange), 'http_request');
      } catch (cause) {
        diagnostics.report('access log', cause);
      }
    },
  };
}

/** Of one that failed. Fields that an exchange has not are left out: no status without a head, no bytes on HTTP/2. */
function fields(exchange: Exchange): Record<string, unknown> {
  const { identity, durationMs, firstByteMs, failure } = exchange;
  return {
    correlation_id: identity.correlationId,
    trace_id: identity.traceId,
    span_id: identity.spanId,
    method: exchange.method,
    route: exchange.route,
    path: exchange.path,
    status: exchange.status === 0 ? undefined : exchange.status,
    outcome: exchange.outcome,
    duration_ms: rounded(durationMs),
    first_byte_ms: Number.isNaN(firstByteMs) ? undefined : rounded(firstByteMs - exchange.startedMs),
    bytes: exchange.bytes,
    error_type: exchange.errorType,
    abort_phase: exchange.abortPhase,
    err: failure,
  };
}
