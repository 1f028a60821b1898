import { describe, expect, test } from 'vitest';
import { dashboard } from '../../../src/alerts/generate/grafana.js';
import { metricNames } from '../../../src/alerts/generate/metric-names.js';
import { prometheusRules } from '../../../src/alerts/generate/prometheus.js';
import { everyObjective, everySignal, someBusiness } from './every-signal.js';
import { exposed } from './exposed.js';
import { expressionsOf } from './panel-expressions.js';
import { mentioned } from './promql-names.js';

const { names, labels } = await exposed();
const made = prometheusRules({
  rules: everySignal(),
  objectives: everyObjective,
  business: someBusiness,
  service: 'checkout',
});
const all = made.file.groups.flatMap(({ rules }) => rules);
const recorded = all.flatMap((rule) => ('record' in rule ? [rule.record] : []));
/** Prometheus's own, and what the metrics of the service itself are called in these tests. */
const known = new Set([...names, ...recorded, 'ALERTS']);
const business = /^(orders_placed_seconds_(bucket|count)|payments_(failed|all)_total)$/;
/** Of the scrape, of Prometheus, of histograms, of our own recording rules. */
const knownLabels = new Set([...labels, 'job', 'instance', 'alertname', 'alertstate', 'severity', 'le', 'slo', 'plan']);

describe('every name that is generated is there', () => {
  test.each(Object.entries(metricNames))('%s is a metric of ours: %s', (_use, name) => {
    const isThere = names.has(name) || ['_bucket', '_sum', '_count'].every((part) => names.has(`${name}${part}`));
    expect(isThere).toBe(true);
  });

  test.each(all.map((rule) => ['record' in rule ? rule.record : rule.alert, rule.expr] as const))(
    '%s reads what is exposed or recorded',
    (_name, expression) => {
      const { series, labels: used } = mentioned(expression);
      expect(series.length).toBeGreaterThan(0);
      expect(series.filter((name) => !known.has(name) && !business.test(name))).toEqual([]);
      expect(used.filter((label) => !knownLabels.has(label))).toEqual([]);
    },
  );

  test.each(expressionsOf(dashboard()))('the panel "%s" reads what is exposed or recorded', (_title, expression) => {
    const { series, labels: used } = mentioned(expression);
    expect(series.length).toBeGreaterThan(0);
    expect(series.filter((name) => !known.has(name))).toEqual([]);
    expect(used.filter((label) => !knownLabels.has(label))).toEqual([]);
  });
});

test('what is mentioned is found in an expression, and functions, words and labels are not taken for series', () => {
  const expression =
    'sum by (job, le) (rate(a_b{c="d{e}",f!~"g"}[5m] offset 1m)) / x:y:1m * NaN unless on (h) ALERTS{i="j"}';
  expect(mentioned(expression)).toEqual({
    series: ['a_b', 'x:y:1m', 'ALERTS'],
    labels: ['job', 'le', 'h', 'c', 'f', 'i'],
  });
});
