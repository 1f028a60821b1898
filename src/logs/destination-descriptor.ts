import { systemClock } from '../core/clock.js';
import type { Sink } from '../core/sink.js';
import { Backlog } from './destination-backlog.js';
import type { Ledger } from './destination-ledger.js';
import type { Outlet, Patience } from './destination-outlet.js';

const BATCH_BYTES = 65_536;
/** UTF-8 has at most that many bytes for a unit of UTF-16. */
const MOST_BYTES = 3;
/** At 20,000 lines a second, one of 1 ms costs a microsecond more per line: a write and a timer each. */
const BATCH_MS = 5;
const FIRST_RETRY_MS = 1;
const LAST_RETRY_MS = 100;
const FIRST_PAUSE_MS = 0.1;
const LAST_PAUSE_MS = 10;
/** After these nobody will ever read what is written. `EOF` is what Windows says for EPIPE. */
const GONE: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'ENOTCONN', 'ESHUTDOWN', 'ENXIO', 'EBADF', 'EOF']);
const PAUSE = new Int32Array(new SharedArrayBuffer(4));

/** Lines on their way to one descriptor: in batches, 5 ms after the first or when the next might not fit into 64 KiB. What is not taken is tried again. */
export class DescriptorOutlet implements Outlet {
  readonly #sink: Sink;
  readonly #ledger: Ledger;
  readonly #maxBytes: number;
  readonly #backlog: Backlog;
  readonly #tick: NodeJS.Timeout;
  /** The batch that is gathered: bytes, as a text of so many pieces would be read once more, and cold, when it leaves. */
  readonly #batch = Buffer.allocUnsafeSlow(BATCH_BYTES);
  #filled = 0;
  #lines = 0;
  #armed = false;
  #immediate = false;
  #retry: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #takenBefore = 0;
  /** Why the last attempt did not get everything out: EAGAIN for a reader that does not read, else what is wrong. */
  #obstacle: string | undefined;
  /** Why no attempt will be made any more. */
  #end: string | undefined;

  constructor(sink: Sink, ledger: Ledger, maxBytes: number) {
    this.#sink = sink;
    this.#ledger = ledger;
    this.#maxBytes = maxBytes;
    this.#backlog = new Backlog(maxBytes);
    // One timer for good, and unref'd. An unref'd setImmediate sleeps for as long as the loop does, and a ref'd one never
    // lets a process end that logs on 'beforeExit'.
    this.#tick = setTimeout(() => this.#onTick(), BATCH_MS).unref();
  }

  get pending(): number {
    return this.#lines + this.#backlog.lines;
  }

  write(line: string): void {
    if (line.length * MOST_BYTES > BATCH_BYTES - this.#filled) this.flush(); // which may find that nobody reads any more
    if (this.#end !== undefined || line.length > this.#maxBytes) {
      this.#ledger.drop(1, this.#end ?? 'line_too_long');
      return;
    }
    if (line.length * MOST_BYTES > BATCH_BYTES) {
      this.#leave(Buffer.from(line), 1);
      return;
    }
    this.#filled += this.#batch.write(line, this.#filled);
    this.#lines++;
    if (this.#immediate && this.#retry === undefined) {
      this.flush();
    } else if (!this.#armed) {
      this.#armed = true;
      this.#tick.refresh();
    }
  }

  writeThrough(on: boolean): void {
    this.#immediate = on;
    if (on) this.flush();
  }

  flush(): void {
    this.#pump(); // first what waits: it makes room. Where it finds that nobody reads any more, nothing is left to do
    if (this.#lines === 0) return;
    const [bytes, lines] = [this.#batch.subarray(0, this.#filled), this.#lines];
    this.#filled = 0;
    this.#lines = 0;
    this.#leave(bytes, lines);
  }

  /** What waits has been tried just before. */
  #leave(bytes: Buffer, lines: number): void {
    const isNext = this.#backlog.empty;
    if (!this.#backlog.add(bytes, lines)) {
      this.#ledger.drop(lines, 'buffer_full');
      return;
    }
    if (isNext) this.#pump();
    this.#backlog.own();
  }

  drain({ quietMs, totalMs }: Patience): boolean {
    const began = systemClock.monotonic();
    let moved = began;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LAST_PAUSE_MS)) {
      const before = this.#backlog.taken;
      this.flush();
      if (this.#backlog.empty) return true;
      if (this.#obstacle !== 'EAGAIN') return false;
      const at = systemClock.monotonic();
      if (this.#backlog.taken !== before) {
        moved = at;
        pauseMs = FIRST_PAUSE_MS;
      }
      if (at - moved >= quietMs || at - began >= totalMs) return false;
      Atomics.wait(PAUSE, 0, 0, pauseMs);
    }
  }

  abandon(reason: string): void {
    const lines = this.pending;
    this.#filled = 0;
    this.#lines = 0;
    this.#backlog.clear();
    this.#ledger.count(lines, reason);
  }

  close(): void {
    if (this.#end === undefined) this.flush();
    if (this.#end === undefined) this.#endFor('closed');
  }

  #onTick(): void {
    this.#armed = false;
    this.flush();
  }

  /** One attempt to get everything out; true when nothing waits any more. */
  #pump(): boolean {
    if (this.#backlog.empty) return true;
    const before = this.#backlog.lines;
    let obstacle: string | undefined;
    try {
      this.#backlog.writeTo(this.#sink);
    } catch (cause) {
      obstacle = codeOf(cause);
      this.#backlog.settle();
    }
    this.#ledger.wrote(before - this.#backlog.lines);
    if (obstacle !== undefined) this.#stopped(obstacle);
    else if (this.#obstacle !== undefined) this.#freed();
    return obstacle === undefined;
  }

  #stopped(code: string): void {
    this.#obstacle = code;
    if (GONE.has(code)) {
      this.#ledger.gone(code);
      this.#endFor(code);
      return;
    }
    if (code !== 'EAGAIN') this.#ledger.trouble(`the log cannot be written (${code}); it is kept and retried`);
    this.#armed = true;
    if (this.#retry !== undefined) return;
    const { taken } = this.#backlog;
    this.#retryMs = taken === this.#takenBefore ? Math.min(2 * this.#retryMs, LAST_RETRY_MS) : FIRST_RETRY_MS;
    this.#takenBefore = taken;
    this.#retry = setTimeout(() => this.#onRetry(), this.#retryMs).unref();
  }

  #freed(): void {
    this.#stopRetrying();
    this.#armed = false;
    this.#ledger.recovered();
  }

  #onRetry(): void {
    this.#retry = undefined;
    this.#onTick();
  }

  #endFor(reason: string): void {
    this.#end = reason;
    this.abandon(reason);
    this.#stopRetrying();
    clearTimeout(this.#tick);
    this.#sink.close();
  }

  #stopRetrying(): void {
    this.#obstacle = undefined;
    this.#retryMs = FIRST_RETRY_MS;
    clearTimeout(this.#retry);
    this.#retry = undefined;
  }
}

function codeOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
