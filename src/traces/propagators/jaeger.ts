import { SAMPLED } from '../../context/traceparent.js';
import { textOf } from './headers.js';
import type { Propagator } from './propagator.js';
import { type Decision, remoteSpan } from './remote.js';

/** Trace, span, the span's parent, flags; some clients send the colons percent-encoded. */
const HEADER = /^([0-9a-f]{1,32})(?::|%3a)([0-9a-f]{1,16})(?::|%3a)[0-9a-f]{1,16}(?::|%3a)([0-9a-f]{1,2})$/i;
const DEBUG = 2;

/**
 * Jaeger's own format (https://www.jaegertracing.io/docs/1.21/client-libraries/#propagation-format). IDs may have lost
 * their leading zeros; the parent field is out of use and goes out as 0. There is always a decision, and debug means
 * sampled. Jaeger's baggage headers (`uberctx-`) are not read.
 */
export const jaeger: Propagator = {
  name: 'jaeger',
  fields: ['uber-trace-id'],
  extract(headers) {
    const header = textOf(headers, 'uber-trace-id');
    const fields = header === undefined ? null : HEADER.exec(header);
    if (fields === null) return undefined;
    const [text, traceId = '', spanId = '', flags = ''] = fields;
    return remoteSpan(traceId, spanId, decisionOf(Number.parseInt(flags, 16)), text);
  },
  inject({ traceId, spanId, flags, debug }, set) {
    set('uber-trace-id', `${traceId}:${spanId}:0:0${debug === true ? SAMPLED | DEBUG : flags & SAMPLED}`);
  },
};

function decisionOf(flags: number): Decision {
  if ((flags & DEBUG) === DEBUG) return 'debug';
  return (flags & SAMPLED) === SAMPLED ? 'accept' : 'deny';
}
