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

/** The same of totals that are counted together. */
export interface Increased {
  readonly amounts: readonly number[];
  readonly seconds: number;
}

/** What totals that are counted together were at each evaluation of the last window. */
class Past {
  readonly #at: Float64Array;
  readonly width: number;
  readonly #values: Float64Array;
  #first = 0;
  #size = 0;

  constructor(windowMs: number, width: number) {
    const places = Math.ceil(Math.min(windowMs, MAX_WINDOW_MS) / STEP_MS) + 2;
    this.#at = new Float64Array(places);
    this.width = width;
    this.#values = new Float64Array(places * width);
  }

  add(nowMs: number, values: readonly number[]): void {
    const last = this.#place(this.#size - 1);
    // Begun anew: what was before is no base, of none of them. One alone may have passed its old value already.
    if (this.#size > 0 && values.some((value, i) => value < this.#value(last, i))) this.#size = 0;
    if (this.#size > 1 && nowMs - (this.#at[this.#place(this.#size - 2)] as number) < STEP_MS / 2) this.#size--;
    if (this.#size === this.#at.length) {
      this.#first = this.#place(1);
      this.#size--;
    }
    const place = this.#place(this.#size++);
    this.#at[place] = nowMs;
    this.#values.set(values, place * this.width);
  }

  /** Since the newest moment that is at least `windowMs` ago, or since the oldest one. */
  since(windowMs: number): Increased | undefined {
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
    const amounts = Array.from({ length: this.width }, (_, i) => this.#value(last, i) - this.#value(from, i));
    return { amounts, seconds };
  }

  #value(place: number, index: number): number {
    return this.#values[place * this.width + index] as number;
  }

  #place(index: number): number {
    return (this.#first + index + this.#at.length) % this.#at.length;
  }
}

/** How much totals grew over windows of up to an hour: keeps what each was at each evaluation. Bounded. */
export class Increases {
  readonly #all = new Map<string, Past>();
  #totals = 0;

  /** Takes down what the total is now; `undefined` as long as there is nothing before it to compare with. */
  of(name: string, total: number, windowMs: number, nowMs: number): Increase | undefined {
    const grown = this.ofAll(name, [total], windowMs, nowMs);
    return grown && { amount: grown.amounts[0] ?? 0, seconds: grown.seconds };
  }

  /** The same of totals that are counted together, always as many of them: when one begins anew, all have. */
  ofAll(name: string, totals: readonly number[], windowMs: number, nowMs: number): Increased | undefined {
    const known = this.#all.get(name);
    const past = known?.width === totals.length ? known : this.#begin(name, windowMs, totals.length);
    past?.add(nowMs, totals);
    return past?.since(windowMs);
  }

  #begin(name: string, windowMs: number, width: number): Past | undefined {
    const others = this.#totals - (this.#all.get(name)?.width ?? 0);
    if (others + width > MAX_TOTALS) {
      diagnostics.drop('alerts', 'totals_cap');
      diagnostics.warn('alerts totals', `alert rules follow more than ${MAX_TOTALS} totals: the rest has no data`);
      return undefined;
    }
    this.#totals = others + width;
    const past = new Past(windowMs, width);
    this.#all.set(name, past);
    return past;
  }
}
