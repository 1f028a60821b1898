import { doubled } from '../../core/backoff.js';

/** Fleets are started together and would poll together for ever. */
const JITTER = 0.1;
const FIRST_RETRY_MS = 1000;
const LONGEST_MS = 60_000;

/** How long a poll waits for the next one. It always comes: no answer ends polling. */
export class PollPace {
  readonly #intervalMs: number;
  readonly #random: () => number;
  #failures = 0;

  constructor(intervalMs: number, random: () => number) {
    this.#intervalMs = intervalMs;
    this.#random = random;
  }

  well(): number {
    this.#failures = 0;
    return this.#intervalMs * (1 + JITTER * (2 * this.#random() - 1));
  }

  /** No answer, or one that says "not now": soon again, then less and less often, each wait by chance up to its bound. */
  failed(askedForMs = 0): number {
    const bound = doubled(FIRST_RETRY_MS, ++this.#failures, LONGEST_MS);
    return askedForMs + bound * this.#random();
  }

  /** The service answers, and its answer is of no use (4xx, a body that is refused): less often than usual, never sooner. */
  refused(askedForMs = 0): number {
    const bound = doubled(this.#intervalMs, ++this.#failures + 1, LONGEST_MS);
    return askedForMs + this.#intervalMs + Math.max(0, bound - this.#intervalMs) * this.#random();
  }
}
