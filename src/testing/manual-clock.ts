import type { Clock } from '../core/clock.js';

/** A clock for tests: wall time in epoch milliseconds, and monotonic milliseconds from 0. */
export interface ManualClock extends Clock {
  /** Moves both clocks on by `ms` and runs what became due, in order. */
  advance(ms: number): void;
  /** Sets the wall clock, as an operator or NTP would: the monotonic clock does not move. */
  setWall(epochMs: number): void;
}

interface Repeating {
  intervalMs: number;
  dueMs: number;
  work: () => void;
}

/** A clock that stands still until it is moved. Starts at 2026-01-01T00:00:00Z and monotonic 0 unless told otherwise. */
export function manualClock(startEpochMs: number = Date.UTC(2026, 0, 1)): ManualClock {
  let wall = startEpochMs;
  let monotonic = 0;
  const timers = new Set<Repeating>();

  const nextDue = (untilMs: number): Repeating | undefined =>
    [...timers].filter((timer) => timer.dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];

  const moveTo = (ms: number): void => {
    wall += ms - monotonic;
    monotonic = ms;
  };

  return {
    now: () => wall,
    monotonic: () => monotonic,
    every: (interval, work) => {
      const intervalMs = Math.max(1, interval); // as setInterval has it
      const timer = { intervalMs, dueMs: monotonic + intervalMs, work };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance: (ms) => {
      const end = monotonic + ms;
      for (let timer = nextDue(end); timer !== undefined; timer = nextDue(end)) {
        moveTo(timer.dueMs);
        timer.dueMs += timer.intervalMs;
        timer.work();
      }
      if (end > monotonic) moveTo(end); // else the work itself has moved further
    },
    setWall: (epochMs) => {
      wall = epochMs;
    },
  };
}
