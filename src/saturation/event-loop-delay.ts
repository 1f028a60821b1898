import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { type Clock, systemClock } from '../core/clock.js';
import type { Probe } from './probe.js';

/**
 * Coarse on purpose. Each sample weighs the same however long it took, so with 1 ms a loop blocked for 20 % of the time
 * still has a p99 of 4 ms, and the process wakes a thousand times a second; with 20 ms it reads 204 to 212 ms.
 */
const RESOLUTION_MS = 20;

/** Of fewer values, one is the 99th percentile. */
const HUNDRED = 100;

/** So late is full. */
const FULL_SECONDS = 0.1;

type DelayHistogram = Pick<IntervalHistogram, 'count' | 'max' | 'mean' | 'percentile' | 'reset' | 'enable' | 'disable'>;

/**
 * How late the event loop was since the last sample, by `monitorEventLoopDelay`: p99 / 100 ms.
 *
 * Readings: `p50_seconds`, `p99_seconds`, `max_seconds`. The timer's own period is in every value that Node gives, and
 * is taken off here. `reset` forgets when the timer last fired, so a stall that ends with the sample itself, or begins
 * right after it, is in no value of Node's: it is what the values leave uncovered of the time since the last sample.
 */
export function eventLoopDelay(
  histogram: DelayHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS }),
  clock: Clock = systemClock,
): Probe {
  histogram.enable();
  let sinceMs = clock.monotonic();
  /** What no value of this window covers, but for the timer's own period at each end of it. */
  const unseenSeconds = (): number => {
    const { count, mean } = histogram;
    const fromMs = sinceMs;
    sinceMs = clock.monotonic();
    const seenMs = count === 0 ? 0 : (mean * count) / 1e6;
    return Math.max(0, sinceMs - fromMs - seenMs - 2 * RESOLUTION_MS) / 1e3;
  };
  return {
    name: 'event-loop-delay',
    overTime: true,
    sample: () => {
      const { count } = histogram;
      const unseen = unseenSeconds();
      if (count === 0 && unseen === 0) return undefined;
      const p50 = count === 0 ? unseen : lateness(histogram.percentile(50));
      const seen = lateness(histogram.percentile(99));
      const p99 = count < HUNDRED ? Math.max(seen, unseen) : seen;
      const max = Math.max(lateness(histogram.max), unseen);
      histogram.reset();
      return { ratio: p99 / FULL_SECONDS, readings: { p50_seconds: p50, p99_seconds: p99, max_seconds: max } };
    },
    dispose: () => void histogram.disable(),
  };
}

function lateness(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1e3);
}
