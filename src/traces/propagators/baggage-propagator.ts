import { formatBaggage } from './baggage-format.js';
import type { Propagator } from './propagator.js';

/**
 * W3C baggage. It names no span, so nothing is extracted here: whoever finds `baggage` among the fields reads that
 * header with `parseBaggage`. What goes out is the baggage that the span is given.
 */
export const baggage: Propagator = {
  name: 'baggage',
  fields: ['baggage'],
  extract: () => undefined,
  inject(span, set) {
    const text = span.baggage === undefined ? '' : formatBaggage(span.baggage);
    if (text !== '') set('baggage', text);
  },
};
