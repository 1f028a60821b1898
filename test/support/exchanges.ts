import {
  type AbortPhase,
  type AnyResponse,
  Exchange,
  type Outcome,
  type ServerRequest,
} from '../../src/core/exchange.js';

export interface Facts {
  readonly method: string;
  readonly route: string;
  readonly path: string;
  readonly status: number;
  readonly outcome: Outcome;
  readonly errorType: string;
  readonly abortPhase: AbortPhase;
  /** When the last byte went, on the monotonic clock. */
  readonly endedMs: number;
  readonly durationMs: number;
  /** From the start to the first byte; left out: no head was written. */
  readonly firstByteAfterMs: number;
  readonly bytes: number;
  readonly failure: unknown;
}

const request = { socket: null } as unknown as ServerRequest;
const response = {} as AnyResponse;
const identity = { correlationId: 'c-1', traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };

/** An exchange that has ended, as observers see it: `GET /` that took 1 ms and answered 200, unless told otherwise. */
export function ended(facts: Partial<Facts> = {}): Exchange {
  const { endedMs = 1000, durationMs = 1, method = 'GET', path = '/', status = 200 } = facts;
  const exchange = new Exchange(request, response, endedMs - durationMs, method, path);
  exchange.identity = identity;
  exchange.lastByteMs = endedMs;
  if (facts.firstByteAfterMs !== undefined) exchange.firstByteMs = exchange.startedMs + facts.firstByteAfterMs;
  exchange.route = facts.route ?? '/';
  exchange.status = status;
  exchange.outcome = facts.outcome ?? 'ok';
  exchange.errorType = facts.errorType;
  exchange.abortPhase = facts.abortPhase;
  exchange.bytes = facts.bytes;
  exchange.failure = facts.failure;
  exchange.ended = true;
  return exchange;
}
