import type { GcTotals } from '../../saturation/gc-watch.js';
import type { Collector } from '../family.js';
import { keptLabels } from '../labels.js';

/** Pauses of the garbage collector, by its type. */
export function gc(read: () => readonly GcTotals[]): Collector {
  const labelsOf = keptLabels((type: string) => ({ 'v8js.gc.type': type }));
  return () => [
    {
      ...{ type: 'histogram', name: 'v8js.gc.duration', unit: 's' },
      help: 'Pauses of the garbage collector.',
      action: 'more than 10 % of the time: heap snapshot for a leak, larger young generation for short-lived objects.',
      points: read().map(({ kind, count, seconds, boundaries, counts }) => ({
        labels: labelsOf(kind),
        histogram: { boundaries, counts, count, sum: seconds },
      })),
    },
  ];
}
