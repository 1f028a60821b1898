import { type Counted, type Query, quantile } from './promql.js';
import { gauge, type Inputs, rate, times } from './promql-inputs.js';

/** A metric that the service has declared, as it stands in the exposition. */
export interface BusinessMetric {
  readonly kind: 'counter' | 'gauge' | 'timer';
  /** `orders_placed_total`; of a timer without `_count` and the like. */
  readonly metric: string;
  /** Names of its labels. */
  readonly labels: readonly string[];
}

interface Kind {
  readonly momentary?: true;
  readonly value: Query['value'];
  readonly inputs: Inputs;
}

/** As the engine reads it: of a counter its increase per second, of a gauge the sum over processes, of a timer the p99. */
const kinds = {
  counter: (metric) => ({
    value: (select, by, window) => `sum by (${by}) (rate(${select.of(metric)}[${window}]))`,
    inputs: rate(metric),
  }),
  gauge: (metric) => ({
    momentary: true,
    value: (select, by) => `sum by (${by}) (${select.of(metric)})`,
    inputs: gauge(metric),
  }),
  timer: (metric) => {
    const timed: Counted = (select, how, window) => {
      const [grown, part] = how.split(' ');
      return `${grown}(${select.of(`${metric}_${part}`)}[${window}])`;
    };
    return { value: quantile(timed, 0.99), inputs: times(metric, 0.99) };
  },
} as const satisfies Readonly<Record<BusinessMetric['kind'], (metric: string) => Kind>>;

export function businessQuery({ kind, metric, labels }: BusinessMetric): Query & { readonly inputs: Inputs } {
  return { by: labels, ...kinds[kind](metric) };
}
