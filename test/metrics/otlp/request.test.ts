import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { encodeJson, encodeProtobuf } from '../../../src/metrics/otlp/protobuf.js';
import { metricsRequest, type RequestFrame } from '../../../src/metrics/otlp/request.js';
import { CumulativeHistogram, DEFAULT_BOUNDARIES } from '../../../src/signals/cumulative.js';
import { conformance } from '../../traces/exporters/conformance.js';
import { counter, gauge, histogram, one, recorded } from '../samples.js';
import { decoded, quantile } from './decoded.js';

const frame: RequestFrame = {
  resource: { 'service.name': 'checkout' },
  scope: { name: 'fourlights', version: '1' },
  startMs: 1_700_000_000_000,
  nowMs: 1_700_000_060_000,
  temporality: 'cumulative',
  histograms: 'exponential',
  exemplarsAfterMs: 0,
};

/** Shapes on which default buckets are wrong by up to 100 % (uniform numbers from a seed: the same at every run). */
const shapes: Readonly<Record<string, (u: number, v: number) => number>> = {
  'lognormal around 20 ms': (u, v) => 0.02 * Math.exp(0.6 * normal(u, v)),
  'two humps, 4 and 850 ms': (u, v) => (u < 0.9 ? 0.004 : 0.85) * Math.exp(0.2 * normal(v, (u * 7919) % 1)),
  'a fast API around 1.2 ms': (u, v) => 0.0012 * Math.exp(0.4 * normal(u, v)),
  'a heavy tail': (u) => 0.01 / (1 - u) ** 0.7,
};

function normal(u: number, v: number): number {
  return Math.sqrt(-2 * Math.log(u || 0.5)) * Math.cos(2 * Math.PI * v);
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe.skipIf(conformance.absent)(`read by protobufjs with OpenTelemetry's schema ${conformance.needs}`, () => {
  test.each(Object.entries(shapes))('p50, p99 and p99.9 of %s are within 3 %% of the exact ones', (_name, shape) => {
    const random = seeded(42);
    const values = Array.from({ length: 100_000 }, () => shape(random(), random()));
    const family = histogram('h', [{ labels: {}, histogram: recorded(values, DEFAULT_BOUNDARIES) }]);
    const point = decoded(encodeProtobuf(metricsRequest([family], frame))).metrics.get('h')?.exponentialHistogram
      ?.dataPoints[0];
    const sorted = values.toSorted((a, b) => a - b);
    for (const share of [0.5, 0.99, 0.999]) {
      const exact = sorted[Math.ceil(values.length * share) - 1] as number;
      expect(Math.abs(quantile(point as NonNullable<typeof point>, share) / exact - 1), `p${share * 100}`).toBeLessThan(
        0.03,
      );
    }
    expect(point?.count).toBe('100000');
    expect(point?.sum).toBeCloseTo(
      values.reduce((sum, value) => sum + value, 0),
      3,
    );
  });

  test('counters, gauges and what adds up are of their kind', () => {
    const labels = { 'http.response.status_code': 200, route: 'é"' };
    const families = [counter('c', one(3, labels)), gauge('rss', one(2)), gauge('used', one(0.5), 'max', '1')];
    const { resource, metrics } = decoded(encodeProtobuf(metricsRequest(families, frame)));
    expect(resource).toEqual([{ key: 'service.name', value: { stringValue: 'checkout' } }]);
    expect(metrics.get('c')).toEqual({
      ...{ name: 'c', unit: '{request}', description: 'What it is. Action: do this.' },
      sum: {
        aggregationTemporality: 'AGGREGATION_TEMPORALITY_CUMULATIVE',
        isMonotonic: true,
        dataPoints: [
          {
            startTimeUnixNano: '1700000000000000000',
            timeUnixNano: '1700000060000000000',
            asDouble: 3,
            attributes: [
              { key: 'http.response.status_code', value: { intValue: '200' } },
              { key: 'route', value: { stringValue: 'é"' } },
            ],
          },
        ],
      },
    });
    expect(metrics.get('rss')?.sum?.dataPoints[0]?.asDouble).toBe(2);
    expect(metrics.get('rss')?.sum?.isMonotonic ?? false).toBe(false);
    expect(metrics.get('used')?.gauge?.dataPoints[0]?.asDouble).toBe(0.5);
  });

  test('explicit buckets by option, and where there are no others', () => {
    const families = [histogram('h', [{ labels: {}, histogram: recorded([0.05, 0.2, 9]) }])];
    const explicit = decoded(
      encodeProtobuf(metricsRequest(families, { ...frame, histograms: 'explicit' })),
    ).metrics.get('h');
    expect(explicit?.histogram?.dataPoints[0]).toMatchObject({
      count: '3',
      bucketCounts: ['1', '1', '1'],
      explicitBounds: [0.1, 0.5],
    });
    const plain = [histogram('h', [{ labels: {}, histogram: new CumulativeHistogram([1]) }])];
    expect(decoded(encodeProtobuf(metricsRequest(plain, frame))).metrics.get('h')?.histogram?.dataPoints).toHaveLength(
      1,
    );
  });

  test('exemplars carry the trace, once', () => {
    const traced = recorded([]);
    traced.record(0.2, 'ab'.repeat(16), 1_700_000_050_000);
    const families = [histogram('h', [{ labels: {}, histogram: traced }])];
    const sent = (exemplarsAfterMs: number) =>
      decoded(encodeProtobuf(metricsRequest(families, { ...frame, exemplarsAfterMs }))).metrics.get('h')
        ?.exponentialHistogram?.dataPoints[0]?.exemplars;
    expect(sent(0)).toEqual([
      {
        traceId: Buffer.from('ab'.repeat(16), 'hex').toString('base64'),
        asDouble: 0.2,
        timeUnixNano: '1700000050000000000',
      },
    ]);
    expect(sent(1_700_000_050_000) ?? []).toEqual([]);
  });

  test('JSON says the same as protobuf', () => {
    const families = [
      counter('c', one(3, { a: 'b' })),
      gauge('g', one(0.25)),
      histogram('h', [{ labels: { a: 'b' }, histogram: recorded([0, 0.2, 0.3, 9]) }]),
      histogram('e', [{ labels: {}, histogram: new CumulativeHistogram([1]) }]),
    ];
    const request = metricsRequest(families, frame);
    const root = protobuf.Root.fromJSON(JSON.parse(conformance.read('otlp/opentelemetry-proto.json')));
    const type = root.lookupType('opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest');
    const asJson = type.encode(type.fromObject(JSON.parse(String(encodeJson(request))))).finish();
    expect(decoded(encodeProtobuf(request))).toEqual(decoded(asJson));
  });
});
