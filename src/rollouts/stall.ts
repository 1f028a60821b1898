import type { Clock } from '../core/clock.js';

/** A look that comes this many ticks too late is no look: what was counted in between is not of the same seconds. */
const LATE_TICKS = 2;

/** Says when the event loop, or the whole machine, stood still between two ticks. */
export class Stall {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  #lastMs: number | undefined;

  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
  }

  /** Called once a tick. By the monotonic clock alone: a wall clock that is set makes nothing late. */
  late(): string | undefined {
    const nowMs = this.#clock.monotonic();
    const lateMs = nowMs - (this.#lastMs ?? nowMs) - this.#intervalMs;
    this.#lastMs = nowMs;
    return lateMs > LATE_TICKS * this.#intervalMs
      ? `the process stood still for ${Math.round(lateMs / 1000)} s`
      : undefined;
  }
}
