import { type Clock, systemClock } from '../../src/core/clock.js';

/** A clock whose seconds go by faster, for real sockets under long limits. */
export function hastyClock(times: number): Clock {
  return {
    now: () => systemClock.now(),
    monotonic: () => systemClock.monotonic() * times,
    every: (intervalMs, work) => systemClock.every(intervalMs / times, work),
  };
}
