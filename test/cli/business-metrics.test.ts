import { expect, test } from 'vitest';
import { prometheusRules } from '../../src/alerts/generate/prometheus.js';
import { lint } from '../../src/alerts/lint/lint.js';
import { businessMetric } from '../../src/cli/business-metrics.js';
import { business } from '../../src/metrics/collectors/business.js';
import { counter, declarations, gauge, timer } from '../../src/signals/business.js';
import { textOf } from '../metrics/samples.js';

const action = 'falls: check the payment provider';
counter('orders.placed', { unit: '{order}', action, attributes: { 'plan.name': ['free', 'pro'] } }).add(1, {
  'plan.name': 'pro',
});
gauge('basket.value', { unit: 'EUR', action }).set(3);
timer('checkout.time', { unit: 's', action }).record(0.3);

const rule = (name: string, metric: string) => ({
  ...{ name, severity: 'critical', signal: `business:${metric}`, fireBelow: 0.1, action },
});

test('rules on declared metrics read them under the names and labels that /metrics gives them', async () => {
  const text = await textOf(business(() => declarations())());
  const { rules } = lint([
    rule('Counter', 'orders.placed'),
    rule('Gauge', 'basket.value'),
    rule('Timer', 'checkout.time'),
  ]);
  const made = prometheusRules({ rules, business: businessMetric });
  expect(made.leftOut).toEqual([]);
  expect(made.rules.flatMap(({ records }) => records)).toEqual([
    {
      record: 'metric:orders_placed:1m',
      expr: 'sum by (job, plan_name) (rate(orders_placed_total[1m]))',
    },
    { record: 'metric:basket_value:now', expr: 'sum by (job) (basket_value_EUR)' },
    {
      record: 'metric:checkout_time:1m',
      expr: 'histogram_quantile(0.99, sum by (job, le) (rate(checkout_time_seconds_bucket[1m]))) >= 0',
    },
  ]);
  for (const series of [
    'orders_placed_total{plan_name="pro"}',
    'basket_value_EUR 3',
    'checkout_time_seconds_bucket{le="',
  ])
    expect(text).toContain(series);
});

test('what is not declared is left out, and the reason says what to do', () => {
  const { rules } = lint([rule('Nothing', 'orders.lost')]);
  expect(prometheusRules({ rules, business: businessMetric }).leftOut).toEqual([
    {
      rule: 'Nothing',
      reason: 'no metric "orders.lost" is declared: import the file that declares it where the rules are',
    },
  ]);
});
