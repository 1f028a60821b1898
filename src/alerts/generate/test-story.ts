import { equal } from './scope.js';
import type { Stretch } from './test-series.js';

/** As promtool reads its test files; keys as they stand there. */
export interface Expectation {
  readonly expr: string;
  readonly eval_time: string;
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
}

/** What a signal is over time, and which rules fire then. */
export class Story {
  readonly stretches: Stretch[] = [];
  readonly expectations: Expectation[] = [];
  readonly #stepSeconds: number;
  #step = 0;

  constructor(stepSeconds: number) {
    this.#stepSeconds = stepSeconds;
  }

  hold(value: number, seconds: number): this {
    const steps = Math.ceil(seconds / this.#stepSeconds);
    if (steps <= 0) return this;
    this.stretches.push({ value, steps });
    this.#step += steps;
    return this;
  }

  /** How many alerts of that rule fire at the end of what was held. */
  expect(rule: string, firing: 0 | 1): this {
    this.expectations.push({
      expr: `count(ALERTS{${equal('alertname', rule)},alertstate="firing"}) or vector(0)`,
      eval_time: `${this.#step * this.#stepSeconds}s`,
      exp_samples: [{ labels: '{}', value: firing }],
    });
    return this;
  }
}
