import type { Collector, NumberPoint } from '../family.js';
import { keptLabels } from '../labels.js';
import type { DependencyCounts } from '../sources.js';

/** Length of each queue and age of its oldest entry, as far as they are known. Every process sees the same queue. */
export function queues(read: () => readonly DependencyCounts[]): Collector {
  const labelsOf = keptLabels((queue: string) => ({ queue }));
  const points = (pick: (queue: NonNullable<DependencyCounts['queue']>) => number | null | undefined): NumberPoint[] =>
    read().flatMap(({ name, queue }) => {
      const value = queue && pick(queue);
      return value === null || value === undefined ? [] : [{ labels: labelsOf(name), value }];
    });
  return () => [
    {
      ...{ type: 'gauge', over: 'max', name: 'queue.depth', unit: '{message}' },
      help: 'Entries that wait in a queue.',
      action: 'growing: consumers are too few or stuck.',
      points: points(({ depth }) => depth),
    },
    {
      ...{ type: 'gauge', over: 'max', name: 'queue.oldest_age', unit: 's' },
      help: 'How long the oldest entry of a queue has waited.',
      action: 'above what its readers were promised: add consumers, look for an entry that always fails.',
      points: points(({ oldestAgeSeconds }) => oldestAgeSeconds),
    },
  ];
}
