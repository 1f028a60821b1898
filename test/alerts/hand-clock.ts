import type { Clock } from '../../src/core/clock.js';

/** A clock whose timers run only when the test says so, however late that is: a loop that stands still. */
export class HandClock implements Clock {
  #monotonicMs = 0;
  #wallMs = Date.UTC(2026, 0, 1);
  readonly #ticks = new Map<number, () => void>();
  #timers = 0;
  readonly #intervalMs: number;

  /** Only timers of that interval are kept; deadlines never come. */
  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  now(): number {
    return this.#wallMs;
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  every(intervalMs: number, work: () => void): () => void {
    const timer = this.#timers++;
    if (intervalMs === this.#intervalMs) this.#ticks.set(timer, work);
    return () => void this.#ticks.delete(timer);
  }

  /** Time goes by, the wall clock is set by so much more, and then the timers run once. */
  tick(afterMs: number, wallJumpMs = 0): void {
    this.#monotonicMs += afterMs;
    this.#wallMs += afterMs + wallJumpMs;
    for (const work of this.#ticks.values()) work();
  }
}
