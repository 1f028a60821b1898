import type { Collector } from '../family.js';
import { keptLabels } from '../labels.js';
import type { MetricSources } from '../sources.js';

/** What the library could not keep: nothing is lost in silence. */
export function drops(read: MetricSources['drops']): Collector {
  const labelsOf = keptLabels((signal: string, reason: string) => ({ signal, reason }));
  return () => [
    {
      ...{ type: 'counter', name: 'fourlights.dropped', unit: '{drop}' },
      help: 'What the library could not keep, by signal and reason; series folded into _other count as signal series.',
      action: 'the observer is partly blind: read its notice of that signal and reason in the log.',
      points: Object.entries(read()).flatMap(([signal, reasons]) =>
        Object.entries(reasons).map(([reason, value]) => ({ labels: labelsOf(signal, reason), value })),
      ),
    },
  ];
}
