import { diagnostics } from '../core/diagnostics.js';
import type { Exchange, Observer } from '../core/exchange.js';
import { accessFields } from './access-line.js';
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
  const isIgnored = ({ route, path }: Exchange): boolean =>
    ignored.size > 0 && (ignored.has(route) || ignored.has(path));
  const isWanted = (exchange: Exchange): boolean =>
    exchange.outcome !== 'ok' || ((sample >= 1 || Math.random() < sample) && !isIgnored(exchange));

  return {
    name: 'access log',
    end: (exchange) => {
      const level = LEVEL_OF[exchange.outcome];
      if (LEVELS[level] < state.threshold || !isWanted(exchange)) return;
      try {
        const { pair } = state;
        const fields = accessFields(exchange);
        const error = exchange.outcome === 'error' ? errorField(pair, exchange.failure) : '';
        pair.line(level, fields + error, 'http_request', exchange);
      } catch (cause) {
        diagnostics.report('access log', cause);
      }
    },
  };
}

/** One that cannot be read leaves its line without it. */
function errorField(pair: LogState['pair'], failure: unknown): string {
  try {
    return pair.errorField(failure);
  } catch (cause) {
    diagnostics.report('access log', cause);
    return '';
  }
}
