import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Probe } from './probe.js';

/**
 * Coarse on purpose. Each sample weighs the same however long it took, so with 1 ms a loop blocked for 20 % of the time
 * still has a p99 of 4 ms, and the process wakes a thousand times a second; with 20 ms it reads 204 to 212 ms.
 */
const RESOLUTION_MS = 20;

/** So late is full. */
const FULL_SECONDS = 0.1;

type DelayHistogram = Pick<IntervalHistogram, 'count' | 'max' | 'percentile' | 'reset' | 'enable' | 'disable'>;

/**
 * How late the event loop was since the last sample, by `monitorEventLoopDelay`: p99 / 100 ms.
 *
 * Readings: `p50_seconds`, `p99_seconds`, `max_seconds`. The timer's own period is in every value that Node gives, and
 * is taken off here.
 */
export function eventLoopDelay(
  histogram: DelayHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS }),
): Probe {
  histogram.enable();
  return {
    name: 'event-loop-delay',
    sample: () => {
      if (histogram.count === 0) return undefined;
      const p50 = lateness(histogram.percentile(50));
      const p99 = lateness(histogram.percentile(99));
      const max = lateness(histogram.max);
      histogram.reset();
      return { ratio: p99 / FULL_SECONDS, readings: { p50_seconds: p50, p99_seconds: p99, max_seconds: max } };
    },
    dispose: () => void histogram.disable(),
  };
}

function lateness(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1e3);
}
