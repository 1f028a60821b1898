import type { Writable } from 'node:stream';
import { type Clock, systemClock } from '../core/clock.js';
import { tellOnStderr } from '../core/stderr.js';
import { isStream, openTarget } from '../core/target.js';
import { DescriptorOutlet } from './destination-descriptor.js';
import { Ledger } from './destination-ledger.js';
import type { Outlet, Patience } from './destination-outlet.js';
import { StreamOutlet } from './destination-stream.js';

export interface DestinationOptions {
  /** A file descriptor, the path of a file or FIFO, or a stream. */
  readonly to: number | string | Writable;
  /** Bytes kept for a reader that does not read or a disk that is full; beyond, the newest lines are dropped. 8 MiB. */
  readonly maxBufferBytes?: number | undefined;
  /** Where it says that lines are lost; stderr unless given. */
  readonly tell?: ((text: string) => void) | undefined;
  readonly clock?: Clock | undefined;
}

const MAX_BUFFER_BYTES = 8 * 1024 * 1024;

/**
 * What pino writes to. Never throws, never waits, and never kills the host: a reader that stopped, a closed pipe and a
 * full disk cost lines, and each is counted. Lines passed to `write` = `written` + `dropped` + `pending`, at any time.
 *
 * Lines leave in batches some 5 ms later; `flushOnExit` sees to what is left when the process ends. SIGKILL
 * and `process.abort` lose those 5 ms.
 */
export class Destination {
  readonly #ledger: Ledger;
  readonly #outlet: Outlet;

  /** Throws when the path cannot be opened or the descriptor is not open. */
  constructor({ to, maxBufferBytes = MAX_BUFFER_BYTES, tell = tellOnStderr, clock = systemClock }: DestinationOptions) {
    this.#ledger = new Ledger(tell, clock);
    const target = openTarget(to);
    this.#outlet = isStream(target)
      ? new StreamOutlet(target, this.#ledger, maxBufferBytes)
      : new DescriptorOutlet(target, this.#ledger, maxBufferBytes);
  }

  /** Lines that the system, or the stream, has taken. */
  get written(): number {
    return this.#ledger.written;
  }

  get dropped(): number {
    return this.#ledger.dropped;
  }

  /** Lines that still wait for either. */
  get pending(): number {
    return this.#outlet.pending;
  }

  /** One line, with its newline and no other. */
  write(line: string): void {
    this.#outlet.write(line);
  }

  /** Hands over what the system takes now. `done` learns whether that was everything; pino's `logger.flush` passes it. */
  flush(done?: (cause?: Error) => void): void {
    this.#outlet.flush();
    if (done === undefined) return;
    const { pending } = this;
    process.nextTick(done, pending === 0 ? undefined : new Error(`${pending} log lines still wait`));
  }

  /** The same. pino calls it after each fatal line, so it does not wait either. */
  flushSync(): void {
    this.#outlet.flush();
  }

  /** While on, lines do not wait for their batch: for moments after which nothing may run any more. */
  writeThrough(on: boolean): void {
    this.#outlet.writeThrough(on);
  }

  /** Blocks until everything is handed over, which it says by true, or patience is at its end. For a process that ends. */
  drain(patience: Patience): boolean {
    return this.#outlet.drain(patience);
  }

  /** The process ends here: says what was lost and not told before. With `drop`, what is pending counts as dropped. */
  farewell(drop: boolean): void {
    if (drop) this.#outlet.abandon('exit');
    this.#ledger.farewell(this.pending);
  }

  /** Flushes without waiting, drops the rest, and counts every later line as dropped. */
  close(): void {
    this.#outlet.close();
    this.#ledger.farewell(0);
  }
}
