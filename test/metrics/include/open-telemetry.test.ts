import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import {
  AggregationTemporality,
  AggregationType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { expect, test, vi } from 'vitest';
import { diagnostics } from '../../../src/core/diagnostics.js';
import { collectIncluded, included } from '../../../src/metrics/include/sources.js';
import { manualClock } from '../../../src/testing/manual-clock.js';
import { textOf } from '../samples.js';

const theirs = async (given: unknown) => collectIncluded(included(given), manualClock());

test("the meters of a provider are shown as OpenTelemetry's own exporter shows them", async () => {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const meter = new MeterProvider({ readers: [reader] }).getMeter('shop', '1.2');
  meter.createCounter('orders.placed', { description: 'Orders' }).add(3, { tier: 'gold' });
  meter.createUpDownCounter('open.carts').add(2);
  meter.createObservableGauge('stock', { description: 'Stock' }).addCallback((result) => result.observe(9));
  const histogram = meter.createHistogram('cart.value', { advice: { explicitBucketBoundaries: [10, 50] } });
  for (const value of [5, 20, 99]) histogram.record(value, { tier: 'gold' });

  const samples = (text: string): string[] =>
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('target_info'))
      .sort();
  const own = new PrometheusSerializer().serialize((await reader.collect()).resourceMetrics);
  const sorted = (line: string): string =>
    line.replace(/\{(.*)\}/, (_, labels) => `{${labels.split(',').sort().join(',')}}`);
  expect(samples(await textOf(await theirs(reader))).map(sorted)).toEqual(samples(own).map(sorted));
});

test('an exponential histogram, which that exporter drops, is shown in buckets whose counts are exact', async () => {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const meter = new MeterProvider({
    readers: [reader],
    views: [{ instrumentName: '*', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
  }).getMeter('shop');
  const values = Array.from({ length: 500 }, (_, i) => 0.001 * 1.02 ** i);
  const histogram = meter.createHistogram('cart.value');
  for (const value of [0, ...values]) histogram.record(value);

  const text = await textOf(await theirs(reader));
  const buckets = [...text.matchAll(/le="([\d.e+-]+)"\} (\d+)/g)].map(
    ([, le, count]) => [Number(le), Number(count)] as const,
  );
  expect(buckets.length).toBeGreaterThan(5);
  expect(buckets.length).toBeLessThanOrEqual(21);
  for (const [le, count] of buckets) expect(count, String(le)).toBe(1 + values.filter((value) => value <= le).length);
  expect(text).toMatch(/cart_value_count\{.*\} 501/);
});

test('two meters that use one name become one family, told apart by their scope', async () => {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [reader] });
  for (const scope of ['a', 'b']) provider.getMeter(scope).createCounter('hits').add(1);
  const text = await textOf(await theirs(reader));
  expect(text.match(/# TYPE/g)).toHaveLength(1);
  expect(text.match(/^hits_total\{otel_scope_name="[ab]"\} 1$/gm)).toHaveLength(2);
});

test('differences are no totals: such a reader is told and its counters are left out', async () => {
  const warn = vi.spyOn(diagnostics, 'warn').mockReturnValue();
  const exporter = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e6 });
  const meter = new MeterProvider({ readers: [reader] }).getMeter('shop');
  meter.createCounter('orders').add(3);
  meter.createGauge('stock').record(2);
  expect((await theirs(reader)).map(({ name }) => name)).toEqual(['stock']);
  expect(warn).toHaveBeenCalledWith('metrics include delta', expect.stringContaining('orders'));
  await reader.shutdown();
});
