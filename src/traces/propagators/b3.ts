import { SAMPLED } from '../../context/traceparent.js';
import { extractB3 } from './b3-extract.js';
import type { Propagator, SpanIds } from './propagator.js';

/** Either encoding is read under either name; the name says which one is written. */
const FIELDS = ['b3', 'x-b3-traceid', 'x-b3-spanid', 'x-b3-parentspanid', 'x-b3-sampled', 'x-b3-flags'] as const;

/** B3 in one header. */
export const b3: Propagator = {
  name: 'b3',
  fields: FIELDS,
  extract: extractB3,
  inject(span, set) {
    const ids = `${span.traceId}-${span.spanId}`;
    if (span.debug === true) set('b3', `${ids}-d`);
    else set('b3', span.undecided === true ? ids : `${ids}-${sampledOf(span)}`);
  },
};

/** B3 in several headers. Debug stands for a decision, so none is sent beside it. */
export const b3multi: Propagator = {
  name: 'b3multi',
  fields: FIELDS,
  extract: extractB3,
  inject(span, set) {
    set('x-b3-traceid', span.traceId);
    set('x-b3-spanid', span.spanId);
    if (span.debug === true) set('x-b3-flags', '1');
    else if (span.undecided !== true) set('x-b3-sampled', sampledOf(span));
  },
};

function sampledOf({ flags }: SpanIds): string {
  return (flags & SAMPLED) === SAMPLED ? '1' : '0';
}
