import { parseTraceparent } from '../../context/traceparent.js';
import { textOf } from './headers.js';
import type { Propagator } from './propagator.js';
import { parseTracestate } from './tracestate.js';

/**
 * W3C trace context, level 2 (https://www.w3.org/TR/trace-context-2/). A tracestate without a legal traceparent is
 * nobody's; a traceparent with an illegal tracestate is good. A traceparent that was sent twice is illegal.
 */
export const tracecontext: Propagator = {
  name: 'tracecontext',
  fields: ['traceparent', 'tracestate'],
  extract(headers) {
    const header = textOf(headers, 'traceparent');
    const span = header === undefined ? undefined : parseTraceparent(header);
    if (span === undefined) return undefined;
    const state = textOf(headers, 'tracestate');
    const tracestate = state === undefined ? undefined : parseTracestate(state);
    return tracestate === undefined ? span : { ...span, tracestate };
  },
  inject({ traceId, spanId, flags, tracestate }, set) {
    set('traceparent', `00-${traceId}-${spanId}-0${flags & 3}`);
    if (tracestate !== undefined && tracestate !== '') set('tracestate', tracestate);
  },
};
