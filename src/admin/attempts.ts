import type { Clock } from '../core/clock.js';

const WINDOW_MS = 60_000;
/** Failures a minute from one address, and from all of them. */
const PER_ADDRESS = 5;
const IN_ALL = 50;
const ADDRESSES = 1000;
const ALL = '*';

interface Failures {
  count: number;
  untilMs: number;
}

/** Slows down whoever guesses a token. Bounded: of a thousand addresses the oldest is forgotten, and all together have a limit. */
export class Attempts {
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Seconds to wait before the next attempt is looked at; 0: go on. */
  waitSeconds(address: string): number {
    return Math.max(this.#wait(address, PER_ADDRESS), this.#wait(ALL, IN_ALL));
  }

  failed(address: string): void {
    this.#count(address);
    this.#count(ALL);
  }

  #wait(key: string, limit: number): number {
    const known = this.#failures.get(key);
    if (known === undefined || known.count < limit) return 0;
    return Math.max(0, Math.ceil((known.untilMs - this.#clock.monotonic()) / 1000));
  }

  #count(key: string): void {
    const nowMs = this.#clock.monotonic();
    const known = this.#failures.get(key);
    const fresh = known !== undefined && known.untilMs > nowMs ? known : { count: 0, untilMs: nowMs + WINDOW_MS };
    fresh.count++;
    this.#failures.set(key, fresh);
    if (this.#failures.size <= ADDRESSES) return;
    for (const oldest of this.#failures.keys()) {
      if (oldest === ALL) continue;
      this.#failures.delete(oldest);
      return;
    }
  }
}
