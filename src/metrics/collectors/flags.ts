import type { CumulativeHistogram } from '../../signals/cumulative.js';
import type { Collector, HistogramPoint } from '../family.js';
import { keptLabels } from '../labels.js';
import type { VariantCounts } from '../sources.js';

const KEY = 'feature_flag.key';
const VARIANT = 'feature_flag.result.variant';

/** What became of the requests that were shown a variant: what a rollout is judged by. */
export function flags(read: () => readonly VariantCounts[]): Collector {
  const labelsOf = keptLabels((flag: string, variant: string, outcome: string) => ({
    [KEY]: flag,
    [VARIANT]: variant,
    outcome,
  }));
  const points = new WeakMap<CumulativeHistogram, HistogramPoint>();
  const pointOf = ({ flag, variant, durations: histogram }: VariantCounts): HistogramPoint => {
    const known = points.get(histogram) ?? { labels: { [KEY]: flag, [VARIANT]: variant }, histogram };
    points.set(histogram, known);
    return known;
  };
  return () => {
    const all = read();
    return [
      {
        ...{ type: 'counter', name: 'feature_flag.exposures', unit: '{request}' },
        help: 'Requests that were shown a variant of a flag and have ended, by outcome.',
        action: "a variant's share of errors above the others': take its flag back.",
        points: all.flatMap(({ flag, variant, total, errors, aborted }) => [
          { labels: labelsOf(flag, variant, 'ok'), value: total - errors - aborted },
          { labels: labelsOf(flag, variant, 'error'), value: errors },
          { labels: labelsOf(flag, variant, 'aborted'), value: aborted },
        ]),
      },
      {
        ...{ type: 'histogram', name: 'feature_flag.request.duration', unit: 's', points: all.map(pointOf) },
        help: 'Time that requests took which were shown a variant of a flag.',
        action: 'a variant slower than the others: take its flag back, or hold its rollout.',
      },
    ];
  };
}
