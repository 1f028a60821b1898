import { after } from '../../core/after.js';
import type { Clock } from '../../core/clock.js';

interface Flush {
  /** Settled when so many spans are. */
  readonly target: number;
  readonly untilMs: number;
  end(inTime: boolean): void;
}

/** Those who wait for the queue to empty. */
export class Flushes {
  readonly #open = new Set<Flush>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get waiting(): boolean {
    return this.#open.size > 0;
  }

  /** Whether `target` spans were settled in time. Keeps the process alive until then, as all else in this folder is unref'd. */
  start(target: number, deadlineMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const hold = setInterval(() => {}, 60_000);
      const end = (inTime: boolean): void => {
        clearInterval(hold);
        cancel();
        this.#open.delete(flush);
        resolve(inTime);
      };
      const flush: Flush = { target, untilMs: this.#clock.monotonic() + deadlineMs, end };
      const cancel = after(this.#clock, deadlineMs, () => end(false));
      this.#open.add(flush);
    });
  }

  settled(count: number): void {
    for (const flush of this.#open) if (count >= flush.target) flush.end(true);
  }

  /** Nothing will be tried in the next `ms`: who cannot wait so long need not wait at all. */
  quiet(ms: number): void {
    const untilMs = this.#clock.monotonic() + ms;
    for (const flush of this.#open) if (untilMs >= flush.untilMs) flush.end(false);
  }
}
