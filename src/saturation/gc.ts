import { type Clock, systemClock } from '../core/clock.js';
import { type GcWatch, gcWatch } from './gc-watch.js';
import { type Probe, SHORTEST_WINDOW_MS } from './probe.js';

interface GcSources {
  readonly clock?: Clock;
  readonly watch?: GcWatch;
}

/**
 * Share of the time since the last sample in which V8 stood still to collect garbage.
 *
 * Readings, of that time: `pause_count`, and seconds by kind: `minor_seconds`, `major_seconds`, `incremental_seconds`,
 * `weakcb_seconds`.
 */
export function gc({ clock = systemClock, watch = gcWatch }: GcSources = {}): Probe {
  watch.open();
  const { minor, major, incremental, weakcb } = watch.totals;
  const look = () => {
    watch.catchUp();
    return {
      atMs: clock.monotonic(),
      count: minor.count + major.count + incremental.count + weakcb.count,
      minor: minor.seconds,
      major: major.seconds,
      incremental: incremental.seconds,
      weakcb: weakcb.seconds,
    };
  };

  let last = look();
  let open = true;
  return {
    name: 'gc',
    overTime: true,
    sample: () => {
      const now = look();
      const wallMs = now.atMs - last.atMs;
      if (wallMs < SHORTEST_WINDOW_MS) return undefined;
      const readings = {
        minor_seconds: now.minor - last.minor,
        major_seconds: now.major - last.major,
        incremental_seconds: now.incremental - last.incremental,
        weakcb_seconds: now.weakcb - last.weakcb,
      };
      const paused = Object.values(readings).reduce((sum, seconds) => sum + seconds, 0);
      const count = now.count - last.count;
      last = now;
      return { ratio: (paused * 1e3) / wallMs, readings: { pause_count: count, ...readings } };
    },
    dispose: () => {
      if (open) watch.close();
      open = false;
    },
  };
}
