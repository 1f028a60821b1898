import { expect, test } from 'vitest';
import { diagnostics } from '../../../src/core/diagnostics.js';
import { Exposition } from '../../../src/metrics/exposition.js';
import { collectIncluded, included } from '../../../src/metrics/include/sources.js';
import { manualClock } from '../../../src/testing/manual-clock.js';
import { HostileJson, jsonText, polluted } from '../../support/hostile-json.js';
import { random } from '../../support/random.js';
import type { Json } from '../../support/random-rules.js';
import { cases, tried } from './budget.js';

const throws = (): never => {
  throw new Error('theirs');
};
/** What a registry of somebody else's may hold beside JSON. */
const STRANGE: readonly unknown[] = [
  ...[Symbol('s'), 10n, Number.NaN, Number.POSITIVE_INFINITY, throws, undefined, Object.create(null), new Date()],
  ...[{ toString: throws }, new Proxy({}, { get: throws, ownKeys: throws }), 'a"b\\c\nd{e}', '# EOF\n', 'x 1\ny'],
];

const promClient: Json = [
  { name: 'jobs_total', help: 'h', type: 'counter', values: [{ value: 1, labels: { queue: 'a' } }] },
  { name: 'depth', help: 'h', type: 'gauge', aggregator: 'max', values: [{ value: 2, labels: {} }] },
  {
    ...{ name: 'seconds', help: 'h', type: 'histogram' },
    values: [
      { metricName: 'seconds_bucket', value: 1, labels: { le: 0.1 } },
      { metricName: 'seconds_bucket', value: 2, labels: { le: '+Inf' } },
      { metricName: 'seconds_sum', value: 3, labels: {} },
      { metricName: 'seconds_count', value: 2, labels: {} },
    ],
  },
  { name: 'sizes', help: 'h', type: 'summary', values: [{ value: 1, labels: { quantile: 0.5 } }] },
];
const openTelemetry: Json = {
  resourceMetrics: {
    scopeMetrics: [
      {
        scope: { name: 's', version: '1' },
        metrics: [
          {
            dataPointType: 3,
            isMonotonic: true,
            descriptor: { name: 'a.b', description: 'd' },
            dataPoints: [{ attributes: { k: 'v' }, value: 1 }],
          },
          {
            dataPointType: 0,
            descriptor: { name: 'c' },
            dataPoints: [{ attributes: {}, value: { buckets: { boundaries: [1], counts: [1, 2] }, count: 3, sum: 4 } }],
          },
          {
            dataPointType: 1,
            descriptor: { name: 'e' },
            dataPoints: [
              { attributes: {}, value: { scale: 3, positive: { offset: 1, bucketCounts: [1, 2] }, count: 3 } },
            ],
          },
        ],
      },
    ],
  },
};

/** Some parts, at any depth, are what JSON has not. */
function estranged(value: unknown, hostile: HostileJson): unknown {
  if (hostile.below(60) === 0) return hostile.pick(STRANGE);
  if (Array.isArray(value)) return value.map((item) => estranged(item, hostile));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, estranged(item, hostile)]));
}

/** A line of the text format: a comment, or a name, labels whose values are quoted, and a number. */
const LINE =
  /^(# [^\n]*|[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="(\\["\\n]|[^"\\\n])*",?)*\})? \S+( # [^\n]*)?)$/;

test('whatever the registries of others hold, the scrape is whole, and each line of it is one', async () => {
  diagnostics.speakThrough(() => {});
  const hostile = new HostileJson(
    random(107),
    ['name', 'help', 'labels', 'values', 'le', 'dataPoints', 'value', 'scale'],
    [1, 'le', 'gauge'],
  );
  const clock = manualClock();
  const count = cases({ short: 600, long: 20_000 });
  let families = 0;
  for (let run = 0; run < count; run++) {
    const [prom, otel] = [promClient, openTelemetry].map((given) =>
      estranged(JSON.parse(jsonText(hostile.spoilt(given))), hostile),
    );
    const all = included([
      { getMetricsAsJSON: async () => prom },
      { collect: async () => otel, selectAggregationTemporality: () => 1 },
    ]);
    const found = await collectIncluded(all, clock);
    families += found.length;
    const exposition = new Exposition({ clock, families: () => found });
    for (const accept of ['text/plain', 'application/openmetrics-text']) {
      const text = (await exposition.render({ accept })).body.toString();
      const wrong = text
        .trimEnd()
        .split('\n')
        .find((line) => !LINE.test(line));
      if (wrong !== undefined || text.length > 200_000)
        expect.fail(`${JSON.stringify(wrong)} of ${text.length} characters`);
    }
  }
  diagnostics.speakThrough(undefined);
  expect(families).toBeGreaterThan(count);
  expect(polluted()).toBe(false);
  tried("metrics of others' registries", 'the scrape is whole; what cannot be read is left out', count);
});
