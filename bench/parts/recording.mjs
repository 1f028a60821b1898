// What the end of a request costs the signals, beside the instruments of prom-client and OpenTelemetry.
import promClient from 'prom-client';
import { bundled } from '../harness/bundle.mjs';
import { exchange } from '../workers/exchange.mjs';
import { durations, Pull } from '../workers/scrape/opentelemetry.mjs';
import { BUCKETS } from '../workers/scrape/series.mjs';

const EXPORTS = [
  "{ LatencyHistogram } from './src/signals/latency.ts'",
  "{ SeriesRegistry } from './src/signals/series.ts'",
];
const COUNT = 1024;

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
  const otel = durations(new Pull());
  return {
    calls: {
      'latency, recorded': () => latency.record(one().durationMs),
      'exchange, recorded: window, totals, buckets': () => series.record(one()),
    },
    peers: {
      'nothing: the loop itself': one,
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
