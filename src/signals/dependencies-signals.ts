import type { DependencySeries } from './dependencies-series.js';
import type { DependencySignals } from './golden-signals.js';
import { rate, summarizeTimes } from './summary.js';

/** The figures of one dependency over a window of that many slots, which covers `seconds`. */
export function dependencySignals(
  series: DependencySeries,
  nowMs: number,
  slots: number,
  seconds: number,
): DependencySignals {
  const live = series.window.live(nowMs, slots);
  const { latency, errors } = summarizeTimes(live);
  let ended = 0;
  let aborted = 0;
  let hits = 0;
  let lookups = 0;
  for (const slot of live) {
    ended += slot.ended;
    aborted += slot.aborted;
    hits += slot.hits;
    lookups += slot.hits + slot.misses;
  }
  return {
    latency,
    traffic: { requestsPerSecond: rate(ended, seconds), total: series.total },
    errors: { ...errors, aborted },
    inFlight: series.inFlight,
    ...(series.cache !== undefined && { hitRatio: lookups === 0 ? null : hits / lookups }),
    ...series.queue,
  };
}
