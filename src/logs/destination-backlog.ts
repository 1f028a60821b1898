import type { Sink } from '../core/sink.js';

/** Lines that leave together. `lines` counts those that the system has not taken whole. */
interface Batch {
  bytes: Buffer;
  offset: number;
  countedTo: number;
  lines: number;
}

const NEWLINE = 10;

/**
 * Batches of lines that wait for a sink, in order and within a bound. A line whose beginning has been taken is kept until
 * its end follows: on a full disk too, the file goes on where it stopped.
 */
export class Backlog {
  readonly #maxBytes: number;
  readonly #batches: Batch[] = [];
  #bytes = 0;
  #lines = 0;
  /** Bytes the sink has taken since the beginning: moves when there is progress. */
  taken = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get empty(): boolean {
    return this.#batches.length === 0;
  }

  get lines(): number {
    return this.#lines;
  }

  /**
   * Refuses, by false, what would not fit. The first batch always fits, so the bound may be passed by one batch. `bytes` must
   * not change as long as they wait: see `own`.
   */
  add(bytes: Buffer, lines: number): boolean {
    if (!this.empty && bytes.length > this.#maxBytes - this.#bytes) return false;
    this.#batches.push({ bytes, offset: 0, countedTo: 0, lines });
    this.#bytes += bytes.length;
    this.#lines += lines;
    return true;
  }

  /** Copies the batch that was added last, whose bytes are about to be used again, if it still waits. */
  own(): void {
    const last = this.#batches.at(-1);
    if (last !== undefined) last.bytes = Buffer.from(last.bytes);
  }

  /** Empties itself into the sink. Throws the system's error, EAGAIN for a sink that takes no more; goes on from there the next time. */
  writeTo(sink: Sink): void {
    for (let head = this.#batches[0]; head !== undefined; head = this.#batches[0]) {
      while (head.offset < head.bytes.length) {
        const taken = sink.write(head.bytes, head.offset);
        if (taken === 0) throw Object.assign(new Error('nothing was taken'), { code: 'EAGAIN' });
        head.offset += taken;
        this.taken += taken;
      }
      this.#batches.shift();
      this.#bytes -= head.bytes.length;
      this.#lines -= head.lines;
    }
  }

  /** Strikes the lines of a batch that was taken in part off `lines`. */
  settle(): void {
    const head = this.#batches[0];
    if (head === undefined) return;
    let whole = 0;
    for (let at = head.bytes.indexOf(NEWLINE, head.countedTo); at !== -1 && at < head.offset; whole++) {
      at = head.bytes.indexOf(NEWLINE, at + 1);
    }
    head.countedTo = head.offset;
    whole = Math.min(whole, head.lines); // a line with a newline inside is still one
    head.lines -= whole;
    this.#lines -= whole;
  }

  clear(): void {
    this.#batches.length = 0;
    this.#bytes = 0;
    this.#lines = 0;
  }
}
