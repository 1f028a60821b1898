import type { Collector } from '../family.js';
import { keptLabels } from '../labels.js';
import type { FlagSourceState } from '../sources.js';

/** How old the flags are where a source no longer gives any. One that has had nothing to say yet is left out. */
export function flagSources(read: () => readonly FlagSourceState[]): Collector {
  const labelsOf = keptLabels((source: string) => ({ source }));
  return () => [
    {
      ...{ type: 'gauge', over: 'max', name: 'feature_flag.source.stale', unit: 's' },
      help: 'For how long a source of flags has failed or given only what was refused; 0 while it is well.',
      action:
        'above 60: the last good flags go on and no change arrives; read its failure in /readyz, kill by hand what must be off.',
      points: read()
        .filter(({ ageSeconds, staleSeconds }) => ageSeconds !== null || staleSeconds > 0)
        .map(({ source, staleSeconds }) => ({ labels: labelsOf(source), value: staleSeconds })),
    },
  ];
}
