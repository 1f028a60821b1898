import type { CumulativeHistogram } from '../../signals/cumulative.js';
import type { Collector, Family, HistogramPoint, NumberPoint } from '../family.js';
import type { DeclaredMetric } from '../sources.js';

/** What the service itself has declared. The objects of `attributes` stay the same, so they serve as labels. */
export function business(read: () => readonly DeclaredMetric[]): Collector {
  return () => read().map(family);
}

function family(metric: DeclaredMetric): Family {
  const { name, action } = metric;
  const text = { name, action, help: `${name}, declared by the service.` };
  if (metric.kind === 'timer') return { type: 'histogram', unit: 's', ...text, points: histograms(metric) };
  if (metric.kind === 'counter') return { type: 'counter', unit: metric.unit, ...text, points: numbers(metric) };
  return { type: 'gauge', over: 'sum', unit: metric.unit, ...text, points: numbers(metric) };
}

function numbers({ series }: DeclaredMetric): NumberPoint[] {
  return series.map(({ attributes, value }) => ({ labels: attributes, value }));
}

function histograms({ series }: DeclaredMetric): HistogramPoint[] {
  const timed = (durations: CumulativeHistogram | undefined): durations is CumulativeHistogram =>
    durations !== undefined;
  return series.flatMap(({ attributes, durations }) =>
    timed(durations) ? [{ labels: attributes, histogram: durations }] : [],
  );
}
