import { expect, test, vi } from 'vitest';
import { diagnostics } from '../../../src/core/diagnostics.js';
import { pushSettings, pushWanted } from '../../../src/metrics/otlp/settings.js';

test.each([
  [undefined, {}, false],
  [undefined, { OTEL_METRICS_EXPORTER: 'otlp' }, true],
  [undefined, { OTEL_METRICS_EXPORTER: 'prometheus, OTLP' }, true],
  [undefined, { OTEL_METRICS_EXPORTER: 'none' }, false],
  [false, { OTEL_METRICS_EXPORTER: 'otlp' }, false],
  [true, {}, true],
])('option %s and %j: pushed %s', (option, env, wanted) => {
  expect(pushWanted(option, env)).toBe(wanted);
});

test('an exporter that nobody knows is told', () => {
  const warn = vi.spyOn(diagnostics, 'warn').mockReturnValue();
  expect(pushWanted(undefined, { OTEL_METRICS_EXPORTER: 'graphite' })).toBe(false);
  expect(warn).toHaveBeenCalledWith('environment OTEL_METRICS_EXPORTER', expect.stringContaining('graphite'));
});

test('without a word: every minute, totals, exponential, to the collector on this machine', () => {
  const { otlp, ...rest } = pushSettings({}, {});
  expect(rest).toEqual({ intervalMs: 60_000, temporality: 'cumulative', histograms: 'exponential' });
  expect(otlp.endpoint.url.href).toBe('http://localhost:4318/v1/metrics');
});

test('the variables are heard, those of metrics before the common ones', () => {
  const { otlp, ...rest } = pushSettings(
    {},
    {
      OTEL_METRIC_EXPORT_INTERVAL: '5000',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/base',
      OTEL_EXPORTER_OTLP_HEADERS: 'a=1,b=2',
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'b=3',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'c=4',
      OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '900',
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
      OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: 'explicit_bucket_histogram',
    },
  );
  expect(rest).toEqual({ intervalMs: 5000, temporality: 'delta', histograms: 'explicit' });
  expect(otlp).toMatchObject({ protocol: 'http/protobuf', gzip: true, timeoutMs: 900, headers: { a: '1', b: '3' } });
  expect(otlp.endpoint.url.href).toBe('http://collector:4318/base/v1/metrics');
  expect(otlp.headers).not.toHaveProperty('c');
});

test('code wins over the environment', () => {
  const env = { OTEL_METRIC_EXPORT_INTERVAL: '5000', OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://other/x' };
  const { otlp, intervalMs } = pushSettings({ intervalMs: 100, endpoint: 'http://mine:4318' }, env);
  expect([intervalMs, otlp.endpoint.url.href]).toEqual([100, 'http://mine:4318/v1/metrics']);
});

test('an endpoint that is none is told, and the default is used', () => {
  const warn = vi.spyOn(diagnostics, 'warn').mockReturnValue();
  const { otlp } = pushSettings({}, { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'collector:4318' });
  expect(otlp.endpoint.url.href).toBe('http://localhost:4318/v1/metrics');
  expect(warn).toHaveBeenCalledWith(
    'environment OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
    expect.stringMatching(/got "collector:4318"; using the default$/),
  );
});
