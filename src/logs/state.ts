import { store } from '../context/store.js';
import { type Clock, systemClock } from '../core/clock.js';
import type { Exchange } from '../core/exchange.js';
import { Destination } from './destination.js';
import { flushOnExit } from './exit.js';
import { LEVELS } from './levels.js';
import type { LogState } from './logger.js';
import { type LineStream, type Origin, type PinoPair, pinoPair } from './pino.js';

const POLL_MS = 5;

export interface LogSetUp {
  readonly origin: Origin;
  readonly clock: Clock;
  readonly threshold: number;
  readonly redact: readonly string[];
  readonly destination: ConstructorParameters<typeof Destination>[0]['to'];
}

/**
 * The log of the process: set up by `observe()`, and with its defaults by the first line that is written before that.
 * A set-up replaces the last one, whose lines are flushed first.
 */
export class ProcessLog implements LogState {
  threshold: number = LEVELS.info;
  /** Sees every line that is written, and the request that it belongs to. Must not throw. */
  tap: ((line: string, exchange: Exchange | undefined) => void) | undefined = undefined;
  readonly #defaults: () => LogSetUp;
  #pair: PinoPair | undefined;
  #destination: Destination | undefined;
  #forgetExit: (() => void) | undefined;

  constructor(defaults: () => LogSetUp) {
    this.#defaults = defaults;
  }

  get pair(): PinoPair {
    return this.#pair ?? this.setUp({ ...this.#defaults(), threshold: this.threshold });
  }

  /** Lines of the destination in use: handed over, lost, and waiting. */
  get counts(): { readonly written: number; readonly dropped: number; readonly pending: number } {
    const { written = 0, dropped = 0, pending = 0 } = this.#destination ?? {};
    return { written, dropped, pending };
  }

  setUp({ origin, clock, threshold, redact, destination }: LogSetUp): PinoPair {
    this.close();
    this.threshold = threshold;
    this.#destination = new Destination({ to: destination });
    this.#forgetExit = flushOnExit(this.#destination);
    this.#pair = pinoPair(origin, redact, clock, this.#tapped(this.#destination));
    return this.#pair;
  }

  #tapped(destination: Destination): LineStream {
    return {
      write: (line: string, exchange = store.getStore()?.exchange) => {
        destination.write(line);
        this.tap?.(line, exchange);
      },
      flush: (done?: (cause?: Error) => void) => destination.flush(done),
      flushSync: () => destination.flushSync(),
    } as LineStream; // pino also calls the two flushes, which its type does not list
  }

  /** Waits until a reader that is merely slow has taken what is pending, at most that long; then closes. */
  async drain(withinMs: number): Promise<{ written: number; dropped: number }> {
    const destination = this.#destination;
    const until = systemClock.monotonic() + withinMs;
    destination?.flush();
    while (destination !== undefined && destination.pending > 0 && systemClock.monotonic() < until) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return this.close();
  }

  /** Writes out what is pending and lets go of the destination. Returns the lines written and dropped. */
  close(): { written: number; dropped: number } {
    const destination = this.#destination;
    destination?.flushSync();
    destination?.close();
    this.#forgetExit?.();
    this.#destination = undefined;
    this.#pair = undefined;
    return { written: destination?.written ?? 0, dropped: destination?.dropped ?? 0 };
  }
}
