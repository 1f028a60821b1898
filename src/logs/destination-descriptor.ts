import { systemClock } from '../core/clock.js';
import type { Ledger } from './destination-ledger.js';
import type { Outlet, Patience } from './destination-outlet.js';
import type { Sink } from './destination-sink.js';

/** Lines that left together. `lines` counts those the system has not taken yet. */
interface Batch {
  readonly bytes: Buffer;
  offset: number;
  settledTo: number;
  lines: number;
}

const NEWLINE = 10;
const BATCH_CHARS = 65_536;
const BATCH_MS = 1;
const FIRST_RETRY_MS = 2;
const LAST_RETRY_MS = 100;
/** After these nothing will ever be read from the other end. `EOF` is what Windows says for EPIPE. */
const GONE: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'ENOTCONN', 'ESHUTDOWN', 'ENXIO', 'EBADF', 'EOF']);
const PAUSE = new Int32Array(new SharedArrayBuffer(4));

/**
 * Lines on their way to one descriptor, in order. They leave in batches, a millisecond or 64 KiB after the first; what
 * the system does not take waits, within the bound, and is tried again. A line whose beginning has been taken is never dropped
 * while its end may still follow: on a full disk too, the file goes on where it stopped.
 */
export class DescriptorOutlet implements Outlet {
  readonly #sink: Sink;
  readonly #ledger: Ledger;
  readonly #maxBytes: number;
  readonly #tick: NodeJS.Timeout;
  #batch = '';
  #batchLines = 0;
  #armed = false;
  #immediate = false;
  readonly #waiting: Batch[] = [];
  #waitingBytes = 0;
  #waitingLines = 0;
  #taken = 0;
  #takenAtRetry = 0;
  #retry: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  /** Why it did not go on: EAGAIN for a reader that does not read, else what is wrong. */
  #obstacle: string | undefined;
  /** Why it never will. */
  #end: string | undefined;

  constructor(sink: Sink, ledger: Ledger, maxBytes: number) {
    this.#sink = sink;
    this.#ledger = ledger;
    this.#maxBytes = maxBytes;
    // One timer for good, unref'd: `refresh` costs a third of a new one. An unref'd setImmediate would sleep as long as the
    // loop does, and a ref'd one never lets a process end that logs on 'beforeExit'.
    this.#tick = setTimeout(() => this.#onTick(), BATCH_MS).unref();
  }

  get pending(): number {
    return this.#batchLines + this.#waitingLines;
  }

  write(line: string): void {
    if (this.#end !== undefined) return this.#ledger.drop(1, this.#end);
    if (line.length > this.#maxBytes) return this.#ledger.drop(1, 'line_too_long');
    this.#batch += line;
    this.#batchLines++;
    if (this.#batch.length >= BATCH_CHARS || (this.#immediate && this.#retry === undefined)) this.flush();
    else if (!this.#armed) this.#arm();
  }

  writeThrough(on: boolean): void {
    this.#immediate = on;
    if (on) this.flush();
  }

  flush(): void {
    const free = this.#pump();
    this.#pack();
    if (free) this.#pump();
  }

  drain({ quietMs, totalMs }: Patience): boolean {
    const began = systemClock.monotonic();
    let moved = began;
    for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, 10)) {
      const before = this.#taken;
      this.flush();
      if (this.#obstacle !== 'EAGAIN') return this.pending === 0;
      const at = systemClock.monotonic();
      if (this.#taken !== before) {
        moved = at;
        pauseMs = 1;
      }
      if (at - moved >= quietMs || at - began >= totalMs) return false;
      Atomics.wait(PAUSE, 0, 0, pauseMs);
    }
  }

  abandon(reason: string): void {
    this.#settle();
    const lines = this.pending;
    this.#batch = '';
    this.#batchLines = 0;
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
    this.#waitingLines = 0;
    this.#ledger.drop(lines, reason);
  }

  close(): void {
    if (this.#end !== undefined) return;
    this.flush();
    if (this.#end === undefined) this.#endFor('closed');
  }

  #arm(): void {
    this.#armed = true;
    this.#tick.refresh();
  }

  #onTick(): void {
    this.#armed = false;
    if (this.pending > 0) this.flush();
  }

  /** Turns what has gathered into bytes at the end of the queue, or drops it when the queue is full. */
  #pack(): void {
    const lines = this.#batchLines;
    if (lines === 0) return;
    const batch = this.#batch;
    this.#batch = '';
    this.#batchLines = 0;
    const room = this.#waitingLines === 0 ? Number.POSITIVE_INFINITY : this.#maxBytes - this.#waitingBytes;
    // UTF-8 has at least as many bytes as UTF-16 has units: what is too long already need not be encoded.
    const bytes = batch.length <= room ? Buffer.from(batch) : undefined;
    if (bytes === undefined || bytes.length > room) return this.#ledger.drop(lines, 'buffer_full');
    this.#waiting.push({ bytes, offset: 0, settledTo: 0, lines });
    this.#waitingBytes += bytes.length;
    this.#waitingLines += lines;
  }

  /** Writes until nothing waits, which it says by true, or the system takes no more. */
  #pump(): boolean {
    try {
      for (let head = this.#waiting[0]; head !== undefined; head = this.#waiting[0]) {
        while (head.offset < head.bytes.length) {
          const taken = this.#sink.write(head.bytes, head.offset);
          if (taken === 0) return this.#stopped('EAGAIN');
          head.offset += taken;
          this.#taken += taken;
        }
        this.#waiting.shift();
        this.#waitingBytes -= head.bytes.length;
        this.#waitingLines -= head.lines;
        this.#ledger.wrote(head.lines);
      }
    } catch (cause) {
      return this.#stopped(codeOf(cause));
    }
    if (this.#obstacle !== undefined) this.#free();
    return true;
  }

  #free(): void {
    this.#obstacle = undefined;
    this.#retryMs = FIRST_RETRY_MS;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#armed = false;
    this.#ledger.recovered();
  }

  #stopped(code: string): false {
    this.#settle();
    this.#obstacle = code;
    if (GONE.has(code)) {
      this.#endFor(code);
      return false;
    }
    if (code !== 'EAGAIN') this.#ledger.trouble(`the log cannot be written (${code}); ${this.#maxBytes} bytes are kept`);
    this.#armed = true;
    if (this.#retry !== undefined) return false;
    this.#retryMs = this.#taken === this.#takenAtRetry ? Math.min(2 * this.#retryMs, LAST_RETRY_MS) : FIRST_RETRY_MS;
    this.#takenAtRetry = this.#taken;
    this.#retry = setTimeout(() => this.#again(), this.#retryMs).unref();
    return false;
  }

  #again(): void {
    this.#retry = undefined;
    this.flush();
  }

  #endFor(reason: string): void {
    this.#end = reason;
    this.abandon(reason);
    clearTimeout(this.#tick);
    clearTimeout(this.#retry);
    this.#sink.close();
  }

  /** Credits the lines of the first batch that the system has taken in whole. */
  #settle(): void {
    const head = this.#waiting[0];
    if (head === undefined) return;
    let lines = 0;
    for (let at = head.bytes.indexOf(NEWLINE, head.settledTo); at !== -1 && at < head.offset; lines++) {
      at = head.bytes.indexOf(NEWLINE, at + 1);
    }
    head.settledTo = head.offset;
    head.lines -= lines;
    this.#waitingLines -= lines;
    this.#ledger.wrote(lines);
  }
}

function codeOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
