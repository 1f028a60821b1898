import type { HeaderBag } from '../context/correlation.js';
import { parseTraceparent } from '../context/traceparent.js';
import { textOf } from './propagators/headers.js';
import { parseTracestate } from './propagators/tracestate.js';

/**
 * The trace context of a request, handed on as it came: what W3C asks of a service that makes no spans (trace context level 2,
 * section 3.4), so that the trace of those around it stays whole. A header that is illegal goes nowhere.
 */
export function passOn(headers: HeaderBag, set: (name: string, value: string) => void): void {
  const traceparent = textOf(headers, 'traceparent');
  if (traceparent === undefined || parseTraceparent(traceparent) === undefined) return;
  set('traceparent', traceparent);
  const tracestate = parseTracestate(textOf(headers, 'tracestate') ?? '');
  if (tracestate !== undefined && tracestate !== '') set('tracestate', tracestate);
}
