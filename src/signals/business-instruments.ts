import type { Clock } from '../core/clock.js';
import { isThenable } from '../core/thenable.js';
import type { AttributeSets, AttributesOf } from './business-declaration.js';
import type { SeriesTable } from './business-series.js';

/** Counts what happened. Never throws: what is no number from 0 is dropped and counted. */
export class Counter<A extends AttributeSets = AttributeSets> {
  readonly #series: SeriesTable;

  constructor(series: SeriesTable) {
    this.#series = series;
  }

  add(amount = 1, attributes?: AttributesOf<A>): void {
    if (isAmount(amount)) this.#series.find(attributes).value += amount;
    else this.#series.refuse(amount, 'a number from 0');
  }
}

/** What something is now. Never throws: what is no finite number is dropped and counted. */
export class Gauge<A extends AttributeSets = AttributeSets> {
  readonly #series: SeriesTable;

  constructor(series: SeriesTable) {
    this.#series = series;
  }

  set(value: number, attributes?: AttributesOf<A>): void {
    if (Number.isFinite(value)) this.#series.find(attributes).value = value;
    else this.#series.refuse(value, 'a finite number');
  }
}

/** How long something took. Never throws by itself: what is no number from 0 is dropped and counted. */
export class Timer<A extends AttributeSets = AttributeSets> {
  readonly #series: SeriesTable;
  readonly #clock: Clock;

  constructor(series: SeriesTable, clock: Clock) {
    this.#series = series;
    this.#clock = clock;
  }

  record(seconds: number, attributes?: AttributesOf<A>): void {
    if (isAmount(seconds)) this.#series.find(attributes).durations?.record(seconds);
    else this.#series.refuse(seconds, 'seconds from 0');
  }

  /** Runs `work`, sync or async, and records how long it took until its result, or its error, was there. */
  time<T>(work: () => PromiseLike<T>, attributes?: AttributesOf<A>): Promise<T>;
  time<T>(work: () => T, attributes?: AttributesOf<A>): T;
  time<T>(work: () => T | PromiseLike<T>, attributes?: AttributesOf<A>): T | Promise<T> {
    const startedMs = this.#clock.monotonic();
    const done = (): void => this.record((this.#clock.monotonic() - startedMs) / 1e3, attributes);
    let result: T | PromiseLike<T>;
    try {
      result = work();
    } catch (cause) {
      done();
      throw cause;
    }
    if (isThenable(result)) return Promise.resolve(result).finally(done);
    done();
    return result;
  }
}

/** Also of what no typed program would give: a text would be joined to the total, not added. */
function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
}
