/** Seconds: OpenTelemetry's default boundaries. */
export const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** 200 routes at most, so that nothing is folded: the rest of the series are methods and statuses. */
export function seriesOf(count) {
  const routes = Math.min(200, count);
  return Array.from({ length: count }, (_, i) => ({
    route: `/api/v1/resources-${i % routes}/:id`,
    method: ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'][Math.floor(i / routes) % 5],
    status: [200, 404, 500][Math.floor(i / routes / 5) % 3],
  }));
}
