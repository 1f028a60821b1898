import type { Exchange } from '../core/exchange.js';

/**
 * The fields of an exchange, as JSON from the first comma on: what a pino line of them would hold, for a fifth of its time.
 * Nothing here needs escaping but what clients and applications have named. One literal holds what nearly every line has:
 * a line in twice as many pieces takes twice as long, 0.3 us more, to be put together and to be written.
 */
export function accessFields(exchange: Exchange): string {
  const { identity, method, route, path, outcome, durationMs, firstByteMs, startedMs, status, bytes } = exchange;
  const text =
    status !== 0 && bytes !== undefined && !Number.isNaN(firstByteMs)
      ? `,"correlation_id":"${identity.correlationId}","trace_id":"${identity.traceId}","span_id":"${identity.spanId}","method":"${method}","route":${JSON.stringify(route)},"path":${JSON.stringify(path)},"status":${status},"outcome":"${outcome}","duration_ms":${rounded(durationMs)},"first_byte_ms":${rounded(firstByteMs - startedMs)},"bytes":${bytes}`
      : partial(exchange);
  return outcome === 'ok' ? text : text + failing(exchange);
}

/** Fields that an exchange has not are left out: no status and no first byte without a head, no bytes on HTTP/2. */
function partial(exchange: Exchange): string {
  const { identity, method, route, path, outcome, durationMs, firstByteMs, startedMs, status, bytes } = exchange;
  let text = `,"correlation_id":"${identity.correlationId}","trace_id":"${identity.traceId}","span_id":"${identity.spanId}"`;
  text += `,"method":"${method}","route":${JSON.stringify(route)},"path":${JSON.stringify(path)}`;
  if (status !== 0) text += `,"status":${status}`;
  text += `,"outcome":"${outcome}","duration_ms":${rounded(durationMs)}`;
  if (!Number.isNaN(firstByteMs)) text += `,"first_byte_ms":${rounded(firstByteMs - startedMs)}`;
  if (bytes !== undefined) text += `,"bytes":${bytes}`;
  return text;
}

function failing({ errorType, abortPhase }: Exchange): string {
  const type = errorType === undefined ? '' : `,"error_type":${JSON.stringify(errorType)}`;
  return abortPhase === undefined ? type : `${type},"abort_phase":"${abortPhase}"`;
}

/** To the microsecond. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
