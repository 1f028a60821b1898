import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { AggregationTemporality, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { BUCKETS } from './series.mjs';

/** Collects when it is asked, as a scrape does. Without a reader the SDK keeps nothing at all. */
export class Pull extends MetricReader {
  constructor() {
    super({
      aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE,
      cardinalitySelector: () => 100_000,
    });
  }
  async onForceFlush() {}
  async onShutdown() {}
}

/** @param {Pull} reader */
export const durations = (reader) =>
  new MeterProvider({ readers: [reader] })
    .getMeter('bench')
    .createHistogram('http.server.request.duration', { unit: 's', advice: { explicitBucketBoundaries: BUCKETS } });

export function openTelemetry(all) {
  const reader = new Pull();
  const histogram = durations(reader);
  const serializer = new PrometheusSerializer();
  return {
    record: () => {
      for (const { route, method, status } of all) {
        const attributes = { 'http.request.method': method, 'http.route': route, 'http.response.status_code': status };
        histogram.record(Math.random() * 0.4, attributes);
      }
    },
    scrape: async () => Buffer.from(serializer.serialize((await reader.collect()).resourceMetrics)).length,
  };
}
