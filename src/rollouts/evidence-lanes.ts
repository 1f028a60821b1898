import type { Tick } from './evidence-ratio.js';

/** Requests that either variant needs before the last minute says anything. */
const FEWEST = 20;
const BROKEN = 0.5;
const SOUND = 0.1;

/** What the last minute says without statistics. */
export interface Lanes {
  /** The canary answers half of its requests with errors and the control does not: one process may act at once. */
  readonly broken: boolean;
  /** Both miss the objective: pause and page, and blame no flag. */
  readonly bothBad: boolean;
  /** Ticks in a row without a single request of either variant. */
  readonly silent: { readonly control: number; readonly canary: number };
}

/** The last minute of errors, and how long nothing has come. */
export class LastMinute {
  readonly #ticks: Tick[] = [];
  readonly #length: number;
  readonly #objective: number;
  #silentControl = 0;
  #silentCanary = 0;

  /** `ticks`: how many make a minute. `objective`: the error ratio that both variants have to stay under. */
  constructor(ticks: number, objective: number) {
    this.#length = Math.max(1, Math.round(ticks));
    this.#objective = objective;
  }

  add(tick: Tick): void {
    this.#ticks.push(tick);
    if (this.#ticks.length > this.#length) this.#ticks.shift();
    this.#silentControl = tick.control.total > 0 ? 0 : this.#silentControl + 1;
    this.#silentCanary = tick.canary.total > 0 ? 0 : this.#silentCanary + 1;
  }

  /** After a stall or a reset: what came before it does not belong to the same minute. */
  clear(): void {
    this.#ticks.length = 0;
  }

  read(): Lanes {
    const total = { control: 0, canary: 0 };
    const bad = { control: 0, canary: 0 };
    for (const tick of this.#ticks) {
      for (const side of ['control', 'canary'] as const) {
        total[side] += tick[side].total;
        bad[side] += tick[side].bad;
      }
    }
    const enough = total.control >= FEWEST && total.canary >= FEWEST;
    const control = bad.control / total.control;
    const canary = bad.canary / total.canary;
    const broken = enough && canary >= BROKEN && control < SOUND;
    return {
      broken,
      bothBad: enough && !broken && canary >= this.#objective && control >= this.#objective,
      silent: { control: this.#silentControl, canary: this.#silentCanary },
    };
  }
}
