import { diagnostics } from '../../core/diagnostics.js';

/** Between two evaluations there are ten seconds; what comes sooner takes the place of the last. */
const STEP_MS = 10_000;
const MAX_WINDOW_MS = 3_600_000;
const MAX_TOTALS = 4000;

/** How much a total grew, and over how much time that is known. */
export interface Increase {
  readonly amount: number;
  readonly seconds: number;
}

/** What one total was at each evaluation of the last window. */
class Past {
  readonly #at: Float64Array;
  readonly #values: Float64Array;
  #first = 0;
  #size = 0;

  constructor(windowMs: number) {
    const places = Math.ceil(Math.min(windowMs, MAX_WINDOW_MS) / STEP_MS) + 2;
    this.#at = new Float64Array(places);
    this.#values = new Float64Array(places);
  }

  add(nowMs: number, value: number): void {
    const last = this.#place(this.#size - 1);
    if (this.#size > 0 && value < (this.#values[last] as number)) this.#size = 0; // begun anew: what was before is no base
    if (this.#size > 1 && nowMs - (this.#at[this.#place(this.#size - 2)] as number) < STEP_MS / 2) this.#size--;
    if (this.#size === this.#at.length) {
      this.#first = this.#place(1);
      this.#size--;
    }
    const place = this.#place(this.#size++);
    this.#at[place] = nowMs;
    this.#values[place] = value;
  }

  /** Since the newest moment that is at least `windowMs` ago, or since the oldest one. */
  since(windowMs: number): Increase | undefined {
    if (this.#size < 2) return undefined;
    const last = this.#place(this.#size - 1);
    const nowMs = this.#at[last] as number;
    let from = this.#first;
    for (let i = 1; i < this.#size - 1; i++) {
      const place = this.#place(i);
      if (nowMs - (this.#at[place] as number) < windowMs) break;
      from = place;
    }
    const seconds = (nowMs - (this.#at[from] as number)) / 1000;
    if (!(seconds > 0)) return undefined;
    return { amount: (this.#values[last] as number) - (this.#values[from] as number), seconds };
  }

  #place(index: number): number {
    return (this.#first + index + this.#at.length) % this.#at.length;
  }
}

/** How much totals grew over windows of up to an hour: keeps what each was at each evaluation. Bounded. */
export class Increases {
  readonly #all = new Map<string, Past>();

  /** Takes down what the total is now; `undefined` as long as there is nothing before it to compare with. */
  of(name: string, total: number, windowMs: number, nowMs: number): Increase | undefined {
    const past = this.#all.get(name) ?? this.#begin(name, windowMs);
    past?.add(nowMs, total);
    return past?.since(windowMs);
  }

  #begin(name: string, windowMs: number): Past | undefined {
    if (this.#all.size >= MAX_TOTALS) {
      diagnostics.drop('alerts', 'totals_cap');
      diagnostics.warn('alerts totals', `alert rules follow more than ${MAX_TOTALS} totals: the rest has no data`);
      return undefined;
    }
    const past = new Past(windowMs);
    this.#all.set(name, past);
    return past;
  }
}
