import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { type Probe, SHORTEST_WINDOW_MS } from './probe.js';

/**
 * Share of the time since the last sample in which the event loop had work: active / (active + idle), as
 * `performance.eventLoopUtilization(now, last)` counts it. Exact, and the signal to lead with.
 *
 * Readings: `active_seconds`, `idle_seconds` of that time.
 */
export function eventLoopUtilization(): Probe {
  // Compared with the sample before, never with the start: an average since boot reacts less the longer a process lives.
  let last: EventLoopUtilization = performance.eventLoopUtilization();
  return {
    name: 'event-loop-utilization',
    overTime: true,
    sample: () => {
      const now = performance.eventLoopUtilization();
      const { active, idle, utilization } = performance.eventLoopUtilization(now, last);
      if (active + idle < SHORTEST_WINDOW_MS) return undefined;
      last = now;
      return { ratio: utilization, readings: { active_seconds: active / 1e3, idle_seconds: idle / 1e3 } };
    },
  };
}
