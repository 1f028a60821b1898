const HOUR_MS = 3_600_000;
/** So many episodes within an hour are bad luck; more is flapping. */
const TOLERATED = 3;
const LEAST_KEEP_MS = 60_000;
const LONGEST_KEEP_MS = 30 * 60_000;
/** The keep time has reached its end long before. */
const MAX_KEPT = 16;

/** Damps a series that fires and resolves over and over: each episode above three in an hour doubles how long it is kept firing. */
export class Flapping {
  /** When the last episodes ended, monotonic ms. */
  readonly #ends: number[] = [];

  ended(nowMs: number): void {
    this.#ends.push(nowMs);
    if (this.#ends.length > MAX_KEPT) this.#ends.shift();
  }

  isFlapping(nowMs: number): boolean {
    return this.#lately(nowMs) > TOLERATED;
  }

  keepMs(usualMs: number, nowMs: number): number {
    const above = this.#lately(nowMs) - TOLERATED;
    if (above <= 0) return usualMs;
    const damped = Math.min(LONGEST_KEEP_MS, Math.max(LEAST_KEEP_MS, usualMs) * 2 ** above);
    return Math.max(usualMs, damped);
  }

  #lately(nowMs: number): number {
    while (this.#ends.length > 0 && nowMs - (this.#ends[0] as number) > HOUR_MS) this.#ends.shift();
    return this.#ends.length;
  }
}
