import type { Exchange } from '../core/exchange.js';

/**
 * The fields of an exchange, as JSON from the first comma on: what a pino line of them would hold, for a fifth of its time.
 * Nothing here needs escaping but what clients and applications have named. What nearly every line has is two literals: in
 * twice as many pieces a line takes twice as long, 0.3 us more, to be put together and to be written.
 */
export function accessFields(exchange: Exchange): string {
  const { identity, method, route, path, outcome, durationMs, firstByteMs, startedMs, status, bytes } = exchange;
  const who = `,"correlation_id":"${identity.correlationId}","trace_id":"${identity.traceId}","span_id":"${identity.spanId}","method":"${method}","route":${JSON.stringify(route)},"path":${JSON.stringify(path)}`;
  const text =
    status !== 0 && bytes !== undefined && !Number.isNaN(firstByteMs)
      ? `${who},"status":${status},"outcome":"${outcome}","duration_ms":${rounded(durationMs)},"first_byte_ms":${rounded(firstByteMs - startedMs)},"bytes":${bytes}`
      : who + partial(exchange);
  return outcome === 'ok' ? text : text + failing(exchange);
}

/** Fields that an exchange has not are left out: no status and no first byte without a head, no bytes on HTTP/2. */
function partial({ outcome, durationMs, firstByteMs, startedMs, status, bytes }: Exchange): string {
  const sent = status === 0 ? '' : `,"status":${status}`;
  const first = Number.isNaN(firstByteMs) ? '' : `,"first_byte_ms":${rounded(firstByteMs - startedMs)}`;
  const size = bytes === undefined ? '' : `,"bytes":${bytes}`;
  return `${sent},"outcome":"${outcome}","duration_ms":${rounded(durationMs)}${first}${size}`;
}

function failing({ errorType, abortPhase }: Exchange): string {
  const type = errorType === undefined ? '' : `,"error_type":${JSON.stringify(errorType)}`;
  return abortPhase === undefined ? type : `${type},"abort_phase":"${abortPhase}"`;
}

/** To the microsecond. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
