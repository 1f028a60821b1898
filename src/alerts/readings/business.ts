import type { MetricDeclaration } from '../../signals/business-registry.js';
import type { MetricSeries } from '../../signals/business-series.js';
import type { CumulativeHistogram } from '../../signals/cumulative.js';
import type { Reading } from './reading.js';
import type { View } from './view.js';

type Figure = Pick<Reading, 'value' | 'samples'>;

const NOTHING: Figure = { value: null, samples: 0 };

/** Of a counter its increase per second over the window, of a gauge what it is, of a timer its p99 over the window, in seconds. */
const figures = {
  counter: (view, name, { value }) => {
    const grown = view.increase(name, value);
    return grown === undefined || grown.seconds === 0 ? NOTHING : { value: grown.amount / grown.seconds, samples: 0 };
  },
  gauge: (_view, _name, { value }) => ({ value, samples: 0 }),
  timer: (view, name, { durations }) => (durations === undefined ? NOTHING : p99Of(view, name, durations)),
} as const satisfies Readonly<
  Record<MetricDeclaration['kind'], (view: View, name: string, series: MetricSeries) => Figure>
>;

/** One reading for each combination of attributes of the metric. */
export function business(view: View, key: string | undefined): Reading[] {
  const metric = view.sources.business?.().find(({ name }) => name === key);
  if (metric === undefined) return [];
  return metric.series.map((series) => {
    const attributes = Object.entries(series.attributes);
    const name = attributes.map(([attribute, value]) => `${attribute}=${value}`).join(',');
    const labels = Object.fromEntries(attributes.map(([attribute, value]) => [attribute.replaceAll('.', '_'), value]));
    return { key: name, labels, ...figures[metric.kind](view, name, series) };
  });
}

/** As `histogram_quantile` has it: even within a bucket; of the open one its lower edge. */
function p99Of(view: View, name: string, { boundaries, counts }: CumulativeHistogram): Figure {
  const grown = view.increases(name, [...counts])?.amounts ?? [];
  const samples = grown.reduce((sum, amount) => sum + amount, 0);
  if (samples === 0) return NOTHING;
  let rank = samples * 0.99;
  for (const [i, amount] of grown.entries()) {
    if (amount > 0 && rank <= amount) {
      const low = i === 0 ? 0 : (boundaries[i - 1] as number);
      const high = boundaries[i] ?? low;
      return { value: low + ((high - low) * rank) / amount, samples };
    }
    rank -= amount;
  }
  return { value: boundaries.at(-1) ?? null, samples };
}
