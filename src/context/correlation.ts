import { diagnostics } from '../core/diagnostics.js';
import type { Identity } from '../core/exchange.js';
import { newSpanId, newTraceId } from './ids.js';
import { parseTraceparent, type RemoteSpan } from './traceparent.js';

/** What may be a correlation ID: printable, no blank, nothing that needs escaping in a log line, a header or a URL query. */
const SAFE_ID = /^[A-Za-z0-9._:/=+-]{1,128}$/;
const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/;

/** Header names in lower case, the most wanted first; the first is also the name used on responses and outgoing calls. */
export type CorrelationHeaders = readonly [string, ...string[]];

export const DEFAULT_HEADERS: CorrelationHeaders = ['x-correlation-id', 'x-request-id'];

export function isCorrelationId(value: unknown): value is string {
  return typeof value === 'string' && SAFE_ID.test(value);
}

export type HeaderBag = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Who a request is, from headers that are not trusted. An ID that breaks the rule is replaced and counted, and no
 * copy of it is kept. Without an ID of the client's, the trace ID serves; without a trace, an ID that has the form of
 * a trace ID serves as one, so that services which only pass the correlation ID on still share a trace. `trace`: the
 * span that the headers name.
 */
export function identify(headers: HeaderBag, names: CorrelationHeaders, trace = traceparentOf(headers)): Identity {
  return identityOf(acceptedId(headers, names), trace);
}

/** The same, of what was accepted. */
export function identityOf(given: string | undefined, trace: RemoteSpan | undefined): Identity {
  const traceId = trace?.traceId ?? (given !== undefined && TRACE_ID.test(given) ? given : newTraceId());
  return { correlationId: given ?? traceId, traceId, spanId: newSpanId() };
}

/** The span that a W3C `traceparent` names: what is read while traces are off. */
export function traceparentOf(headers: HeaderBag): RemoteSpan | undefined {
  const header = headers['traceparent'];
  return typeof header === 'string' ? parseTraceparent(header) : undefined;
}

/** The correlation ID that a client has sent, if it is one. */
export function acceptedId(headers: HeaderBag, names: CorrelationHeaders): string | undefined {
  for (let i = 0; i < names.length; i++) {
    const value = headers[names[i] as string];
    if (value === undefined) continue;
    if (isCorrelationId(value)) return value;
    diagnostics.drop('correlation', 'invalid_id');
  }
  return undefined;
}
