import { type Counted, type Query, quantile } from './promql.js';

/** A metric that the service has declared, as it stands in the exposition. */
export interface BusinessMetric {
  readonly kind: 'counter' | 'gauge' | 'timer';
  /** `orders_placed_total`, `queue_money_ratio`; of a timer without `_count` and the like. */
  readonly metric: string;
  /** Names of its labels. */
  readonly labels: readonly string[];
}

/** As the engine reads it: of a counter its increase per second, of a gauge the sum over processes, of a timer the p99. */
export function businessQuery({ kind, metric, labels }: BusinessMetric): Query {
  const timed: Counted = (select, how, window) => {
    const [grown, part] = how.split(' ');
    return `${grown}(${select.of(`${metric}_${part}`)}[${window}])`;
  };
  const value = {
    counter: (select, by, window) => `sum by (${by}) (rate(${select.of(metric)}[${window}]))`,
    gauge: (select, by) => `sum by (${by}) (${select.of(metric)})`,
    timer: quantile(timed, 0.99),
  } as const satisfies Readonly<Record<BusinessMetric['kind'], Query['value']>>;
  return { by: labels, momentary: kind === 'gauge', value: value[kind] };
}
