import type { Collector } from '../family.js';
import { keptLabels } from '../labels.js';
import type { DependencyCounts } from '../sources.js';

/** Lookups of each cache, by result. */
export function caches(read: () => readonly DependencyCounts[]): Collector {
  const labelsOf = keptLabels((cache: string, result: string) => ({ cache, result }));
  return () => [
    {
      ...{ type: 'counter', name: 'cache.requests', unit: '{request}' },
      help: 'Lookups in a cache, by result.',
      action: 'the share of hits falls: look at the time to live, at evictions, and at a new kind of key.',
      points: read().flatMap(({ name, cache }) =>
        cache === undefined
          ? []
          : [
              { labels: labelsOf(name, 'hit'), value: cache.hits },
              { labels: labelsOf(name, 'miss'), value: cache.misses },
            ],
      ),
    },
  ];
}
