import type { Collector } from '../family.js';
import { keptLabels } from '../labels.js';
import type { FlagCount } from '../sources.js';

/** How often each flag came to each variant, and why. */
export function flags(read: () => Iterable<FlagCount>): Collector {
  const labelsOf = keptLabels((flag: string, variant: string, reason: string) => ({
    'feature_flag.key': flag,
    'feature_flag.result.variant': variant,
    'feature_flag.result.reason': reason,
  }));
  return () => [
    {
      ...{ type: 'counter', name: 'feature_flag.evaluations', unit: '{evaluation}' },
      help: 'Evaluations of a flag, by variant and reason.',
      action: 'a share that is not the one rolled out, or reason error: look at the rules and at the source.',
      points: Array.from(read(), ({ flag, variant, reason, count }) => ({
        labels: labelsOf(flag, variant, reason),
        value: count,
      })),
    },
  ];
}
