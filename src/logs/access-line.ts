import type { Exchange } from '../core/exchange.js';

/**
 * The fields of an exchange, as JSON from the first comma on: what a pino line of them would hold, for a fifth of its time.
 * Nothing here needs escaping but what clients and applications have named. Fields that an exchange has not are left out:
 * no status without a head, no bytes on HTTP/2.
 */
export function accessFields(exchange: Exchange): string {
  const { identity, firstByteMs, startedMs, status, bytes, errorType, abortPhase } = exchange;
  let text = `,"correlation_id":"${identity.correlationId}","trace_id":"${identity.traceId}","span_id":"${identity.spanId}"`;
  text += `,"method":"${exchange.method}","route":${JSON.stringify(exchange.route)},"path":${JSON.stringify(exchange.path)}`;
  if (status !== 0) text += `,"status":${status}`;
  text += `,"outcome":"${exchange.outcome}","duration_ms":${rounded(exchange.durationMs)}`;
  if (!Number.isNaN(firstByteMs)) text += `,"first_byte_ms":${rounded(firstByteMs - startedMs)}`;
  if (bytes !== undefined) text += `,"bytes":${bytes}`;
  if (errorType !== undefined) text += `,"error_type":${JSON.stringify(errorType)}`;
  if (abortPhase !== undefined) text += `,"abort_phase":"${abortPhase}"`;
  return text;
}

/** To the microsecond. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
