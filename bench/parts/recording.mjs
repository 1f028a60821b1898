// What the end of a request costs the signals, beside the instruments of prom-client and OpenTelemetry.
import { AggregationTemporality, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import promClient from 'prom-client';
import { bundled } from '../harness/bundle.mjs';
import { exchange } from '../workers/exchange.mjs';

const EXPORTS = [
  "{ LatencyHistogram } from './src/signals/latency.ts'",
  "{ SeriesRegistry } from './src/signals/series.ts'",
];
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const COUNT = 1024;

/** Without a reader nothing would be kept. */
class Pull extends MetricReader {
  constructor() {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE });
  }
  async onForceFlush() {}
  async onShutdown() {}
}

export async function open({ source }) {
  const { LatencyHistogram, SeriesRegistry } = await bundled(EXPORTS, source);
  const endedMs = performance.now();
  const all = Array.from({ length: COUNT }, (_, i) => exchange(`/api/r${i % 20}/:id`, 'GET', 200, endedMs));
  let next = 0;
  const one = () => all[next++ & (COUNT - 1)];

  const latency = new LatencyHistogram();
  const series = new SeriesRegistry();
  const labelNames = ['method', 'route', 'status'];
  const prom = new promClient.Histogram({ name: 'd', help: 'd', registers: [], labelNames, buckets: BUCKETS });
  const advice = { explicitBucketBoundaries: BUCKETS };
  const otel = new MeterProvider({ readers: [new Pull()] })
    .getMeter('bench')
    .createHistogram('d', { unit: 's', advice });
  return {
    calls: {
      'latency, recorded': () => latency.record(one().durationMs),
      'exchange, recorded: window, totals, buckets': () => series.record(one()),
      'prom-client, observe with labels': () => {
        const { method, route, status, durationMs } = one();
        prom.observe({ method, route, status }, durationMs / 1000);
      },
      'OpenTelemetry, record with attributes': () => {
        const { method, route, status, durationMs } = one();
        const attributes = { 'http.request.method': method, 'http.route': route, 'http.response.status_code': status };
        otel.record(durationMs / 1000, attributes);
      },
    },
    batch: 2000,
  };
}
