import promClient from 'prom-client';
import { BUCKETS } from './series.mjs';

export function prom(all) {
  const registry = new promClient.Registry();
  const histogram = new promClient.Histogram({
    ...{ name: 'http_server_request_duration_seconds', help: 'Duration', registers: [registry] },
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets: BUCKETS,
  });
  return {
    record: () => {
      for (const { route, method, status } of all) {
        const labels = { http_request_method: method, http_route: route, http_response_status_code: status };
        histogram.observe(labels, Math.random() * 0.4);
      }
    },
    scrape: async () => Buffer.from(await registry.metrics()).length,
  };
}
