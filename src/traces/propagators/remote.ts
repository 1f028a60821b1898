import { NO_SPAN, NO_TRACE, owned, type RemoteSpan, SAMPLED } from '../../context/traceparent.js';
import type { RemoteHint } from './propagator.js';

/** What a caller decided on sampling: `undefined` leaves it to us, `debug` wants the trace in any case. */
export type Decision = 'accept' | 'deny' | 'debug' | undefined;

/**
 * A span from IDs in hex of a legal length; those in upper case and short ones are brought into the form of W3C.
 * `header` is the text that they were cut out of. All-zero IDs name no span.
 */
export function remoteSpan(trace: string, span: string, decision: Decision, header: string): RemoteSpan | undefined {
  const traceId = owned(trace.toLowerCase().padStart(32, '0'), header);
  const spanId = owned(span.toLowerCase().padStart(16, '0'), header);
  if (traceId === NO_TRACE || spanId === NO_SPAN) return undefined;
  return { traceId, spanId, ...decided(decision), tracestate: undefined };
}

/** A trace without a span, or no more than a decision. */
export function remoteHint(trace: string | undefined, decision: Decision, header: string): RemoteHint | undefined {
  const traceId = trace === undefined ? undefined : owned(trace.toLowerCase(), header);
  return traceId === NO_TRACE ? undefined : { traceId, spanId: undefined, ...decided(decision) };
}

/** None of the formats but W3C's tells whether a trace ID is random, so bit 1 stays clear. */
function decided(decision: Decision): { flags: number; undecided: boolean; debug: boolean } {
  const accepted = decision === 'accept' || decision === 'debug';
  return { flags: accepted ? SAMPLED : 0, undecided: decision === undefined, debug: decision === 'debug' };
}
