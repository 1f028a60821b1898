import type { Collector, NumberPoint } from '../family.js';
import { keptLabels, NO_LABELS } from '../labels.js';
import type { SpanCounts } from '../sources.js';

/** The export ledger: `ended = delivered + dropped + queued`. */
export function spans(read: () => SpanCounts): Collector {
  const labelsOf = keptLabels((reason: string) => ({ reason }));
  const one = (value: number): NumberPoint[] => [{ labels: NO_LABELS, value }];
  return () => {
    const { ended, delivered, dropped, queued } = read();
    return [
      {
        ...{ type: 'counter', name: 'fourlights.spans.ended', unit: '{span}', points: one(ended) },
        help: 'Spans that ended and were to be kept.',
        action: 'compare with delivered: the difference is queued or dropped.',
      },
      {
        ...{ type: 'counter', name: 'fourlights.spans.delivered', unit: '{span}', points: one(delivered) },
        help: 'Spans that the receiver has taken.',
        action: 'level while spans end: the receiver is away; see the dropped ones for the reason.',
      },
      {
        ...{ type: 'counter', name: 'fourlights.spans.dropped', unit: '{span}' },
        help: 'Spans that never arrive, by reason.',
        action: 'queue_full: larger queue or slower traffic; rejected: credentials or endpoint; shutdown: more time.',
        points: Object.entries(dropped).map(([reason, value]) => ({ labels: labelsOf(reason), value })),
      },
      {
        ...{ type: 'gauge', over: 'sum', name: 'fourlights.spans.queued', unit: '{span}', points: one(queued) },
        help: 'Spans that wait for the receiver, those under way included.',
        action: 'near the limit of the queue: the receiver is slow or away.',
      },
    ];
  };
}
