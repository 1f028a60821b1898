import { backoffMs } from '../../core/backoff.js';
import type { Clock } from '../../core/clock.js';

/** While somebody waits for the queue to empty, the second try comes soon: a socket that the receiver had closed is common. */
const QUICK_MS = 100;

/**
 * How fast a receiver is sent to. Concurrency grows by one with each batch that is taken and falls to one with each
 * failure: a slow receiver gets all, one that hangs or refuses is not crowded.
 */
export class Pace {
  #allowed = 1;
  #failures = 0;
  #quietUntilMs = Number.NEGATIVE_INFINITY;
  #quietByReceiver = false;
  #quick = false;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #maxInFlight: number;

  constructor(clock: Clock, random: () => number, maxInFlight: number) {
    this.#clock = clock;
    this.#random = random;
    this.#maxInFlight = maxInFlight;
  }

  /** Attempts that may be in flight now. */
  get allowed(): number {
    return this.quietMs > 0 ? 0 : this.#allowed;
  }

  /** How long nothing is sent from now on. */
  get quietMs(): number {
    return Math.max(0, this.#quietUntilMs - this.#clock.monotonic());
  }

  taken(): void {
    this.#failures = 0;
    this.#allowed = Math.min(this.#allowed + 1, this.#maxInFlight);
  }

  /** Refused for good: the receiver answers, so there is nothing to wait for. */
  refused(): void {
    this.#failures = 0;
    this.#allowed = 1;
  }

  failed(retryAfterMs: number | undefined): void {
    this.#allowed = 1;
    this.#failures++;
    this.#quietByReceiver = retryAfterMs !== undefined;
    const waitMs = retryAfterMs ?? (this.#quick ? QUICK_MS : backoffMs(this.#failures, this.#random));
    this.#quick = false;
    this.#quietUntilMs = this.#clock.monotonic() + waitMs;
  }

  /** Somebody waits: the next try is now, and one more soon after. What the receiver itself has asked for stands. */
  hurry(): void {
    this.#quick = true;
    if (!this.#quietByReceiver) this.#quietUntilMs = Number.NEGATIVE_INFINITY;
  }
}
