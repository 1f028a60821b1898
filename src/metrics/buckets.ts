import { DEFAULT_BOUNDARIES } from '../signals/cumulative.js';

/** Each edge is a line of text for every series. */
const MAX_EDGES = 200;

/**
 * The edges of the duration histograms, seconds: OpenTelemetry's 14 and `extra`, such as the thresholds of objectives. A
 * share "faster than 300 ms" is exact only where 0.3 is an edge. Throws for what is no edge.
 */
export function bucketEdges(extra: readonly number[] = []): readonly number[] {
  for (const edge of extra) {
    if (!(edge > 0 && Number.isFinite(edge)))
      throw new RangeError(`metrics.buckets: an edge must be a number of seconds above 0, got ${String(edge)}`);
  }
  const all = [...new Set([...DEFAULT_BOUNDARIES, ...extra])].sort((a, b) => a - b);
  if (all.length > MAX_EDGES)
    throw new RangeError(`metrics.buckets: at most ${MAX_EDGES} edges, OpenTelemetry's 14 included, got ${all.length}`);
  return all;
}
