import { expect, test } from 'vitest';
import { bucketEdges } from '../../src/metrics/buckets.js';
import { DEFAULT_BOUNDARIES } from '../../src/signals/cumulative.js';

test("extra edges go among OpenTelemetry's, each once and in order", () => {
  expect(bucketEdges()).toEqual(DEFAULT_BOUNDARIES);
  const edges = bucketEdges([0.3, 20, 0.1]);
  expect(edges).toEqual([...DEFAULT_BOUNDARIES, 0.3, 20].sort((a, b) => a - b));
});

test.each([
  [[0]],
  [[-1]],
  [[Number.NaN]],
  [[Number.POSITIVE_INFINITY]],
  [Array.from({ length: 200 }, (_, i) => 100 + i)],
])('%j is refused', (extra) => {
  expect(() => bucketEdges(extra)).toThrow(/metrics.buckets/);
});
