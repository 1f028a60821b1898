import type { Clock } from './clock.js';

/** More than this and the wall clock has been set, or has drifted: we follow it. Less is the rounding of `now()`. */
const TOLERANCE_MS = 5;
/** The wall clock is not looked at more often: a jump is followed that much later at the most. */
const LOOK_MS = 20;

/** Seconds of the epoch and nanoseconds within that second, as OpenTelemetry takes times. */
export type EpochTime = [seconds: number, nanoseconds: number];

/**
 * Tells when, on the wall, a moment of the monotonic clock was, to the microsecond: `now()` alone has whole milliseconds,
 * and `performance.timeOrigin` is off by all that the clock was set since the process began.
 */
export class Epoch {
  readonly #clock: Clock;
  #offsetMs: number;
  #lookedMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#lookedMs = clock.monotonic();
    this.#offsetMs = clock.now() - this.#lookedMs;
  }

  /** Epoch milliseconds of a moment that is not long ago, by the wall clock as it is set now: two such times stay in order. */
  at(monotonicMs: number): number {
    this.now(this.#clock.monotonic());
    return this.#offsetMs + monotonicMs;
  }

  /** The same of this very moment, which the caller has just read. */
  now(monotonicMs: number): number {
    if (monotonicMs - this.#lookedMs >= LOOK_MS) this.#look();
    return this.#offsetMs + monotonicMs;
  }

  /** At both clocks at once: the caller's moment may be as long ago as a collection takes. */
  #look(): void {
    this.#lookedMs = this.#clock.monotonic();
    const offsetMs = this.#clock.now() - this.#lookedMs;
    if (Math.abs(offsetMs - this.#offsetMs) > TOLERANCE_MS) this.#offsetMs = offsetMs;
  }
}

export function epochTime(epochMs: number): EpochTime {
  const seconds = Math.floor(epochMs / 1000);
  return [seconds, Math.min(999_999_999, Math.round((epochMs - seconds * 1000) * 1e6))];
}
