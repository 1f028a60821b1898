import type { Outcomes } from '../readings/share.js';

/** What happened over a window, as far back as anything is known. */
export interface Span extends Outcomes {
  /** Seconds that are really covered. */
  readonly seconds: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** The longest window that is told to the minute. */
const FINE_MS = 6 * HOUR_MS;

/** Totals at regular moments, oldest first; the oldest goes when it is full. */
class Ring {
  readonly #stepMs: number;
  readonly #cells: Float64Array;
  #first = 0;
  #size = 0;

  constructor(stepMs: number, spanMs: number) {
    this.#stepMs = stepMs;
    this.#cells = new Float64Array((Math.ceil(spanMs / stepMs) + 1) * 3);
  }

  offer(nowMs: number, { ended, bad }: Outcomes): void {
    if (this.#size > 0 && nowMs - this.#at(this.#size - 1) < this.#stepMs) return;
    if (this.#size * 3 === this.#cells.length) {
      this.#first++;
      this.#size--;
    }
    this.#cells.set([nowMs, ended, bad], this.#place(this.#size++));
  }

  /** The newest that is at least so old, else the oldest. */
  before(ms: number): Span | undefined {
    let [low, high] = [0, this.#size - 1];
    if (high < 0) return undefined;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#at(middle) <= ms) low = middle;
      else high = middle - 1;
    }
    const [at = 0, ended = 0, bad = 0] = this.#cells.subarray(this.#place(low));
    return { seconds: at / 1000, ended, bad };
  }

  #at(index: number): number {
    return this.#cells[this.#place(index)] as number;
  }

  #place(index: number): number {
    return ((this.#first + index) * 3) % this.#cells.length;
  }
}

/**
 * The totals of one objective over its whole period: to the minute for six hours, to the hour beyond. What was before the
 * process began is not known, and no window claims to cover it.
 */
export class Ledger {
  readonly #fine: Ring;
  readonly #coarse: Ring;
  #now: Outcomes = { ended: 0, bad: 0 };
  /** What the sources had counted before they began anew. */
  #base: Outcomes = { ended: 0, bad: 0 };
  #seen: Outcomes = { ended: 0, bad: 0 };
  #nowMs = Number.NaN;

  constructor(periodSeconds: number) {
    this.#fine = new Ring(MINUTE_MS, FINE_MS);
    this.#coarse = new Ring(HOUR_MS, periodSeconds * 1000);
  }

  /** `counts`: totals since whenever they began. */
  add(nowMs: number, counts: Outcomes): void {
    if (counts.ended < this.#seen.ended || counts.bad < this.#seen.bad) this.#base = this.#now;
    this.#seen = counts;
    this.#now = { ended: this.#base.ended + counts.ended, bad: this.#base.bad + counts.bad };
    this.#nowMs = nowMs;
    this.#fine.offer(nowMs, this.#now);
    this.#coarse.offer(nowMs, this.#now);
  }

  over(seconds: number): Span {
    const from = (seconds * 1000 <= FINE_MS ? this.#fine : this.#coarse).before(this.#nowMs - seconds * 1000);
    if (from === undefined) return { seconds: 0, ended: 0, bad: 0 };
    return {
      seconds: this.#nowMs / 1000 - from.seconds,
      ended: this.#now.ended - from.ended,
      bad: this.#now.bad - from.bad,
    };
  }
}
