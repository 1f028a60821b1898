import type { Clock } from '../core/clock.js';
import type { DependencySeries } from './dependencies-series.js';

/** Counts what a cache had and what it had not. */
export interface Cache {
  readonly name: string;
  hit(): void;
  miss(): void;
}

export class CountedCache implements Cache {
  readonly #series: DependencySeries;
  readonly #clock: Clock;
  readonly #counts: { hits: number; misses: number };

  constructor(series: DependencySeries, clock: Clock) {
    this.#series = series;
    this.#clock = clock;
    series.cache ??= { hits: 0, misses: 0 };
    this.#counts = series.cache;
  }

  get name(): string {
    return this.#series.name;
  }

  hit(): void {
    this.#counts.hits++;
    const slot = this.#series.window.at(this.#clock.monotonic());
    if (slot !== undefined) slot.hits++;
  }

  miss(): void {
    this.#counts.misses++;
    const slot = this.#series.window.at(this.#clock.monotonic());
    if (slot !== undefined) slot.misses++;
  }
}
