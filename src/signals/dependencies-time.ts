import type { Clock } from '../core/clock.js';
import { isThenable } from '../core/thenable.js';
import { errorTypeOf, isGivenUp } from './dependencies-outcome.js';
import type { DependencySeries } from './dependencies-series.js';

/** One thing that this process depends on. */
export interface Dependency {
  readonly name: string;
  /**
   * Runs `work`, sync or async, and times it until its result is there; an error is counted by its type and thrown on.
   * `operation` is one of a small set (`select_user`), never a value: beyond 50 they are counted as `_other`.
   */
  time<T>(operation: string, work: () => PromiseLike<T>): Promise<T>;
  time<T>(operation: string, work: () => T): T;
}

export class TimedDependency implements Dependency {
  readonly #series: DependencySeries;
  readonly #clock: Clock;

  constructor(series: DependencySeries, clock: Clock) {
    this.#series = series;
    this.#clock = clock;
  }

  get name(): string {
    return this.#series.name;
  }

  time<T>(operation: string, work: () => PromiseLike<T>): Promise<T>;
  time<T>(operation: string, work: () => T): T;
  time<T>(operation: string, work: () => T | PromiseLike<T>): T | Promise<T> {
    const startedMs = this.#clock.monotonic();
    this.#series.inFlight++;
    let result: T | PromiseLike<T>;
    try {
      result = work();
    } catch (cause) {
      this.#failed(operation, startedMs, cause);
      throw cause;
    }
    if (isThenable(result)) return this.#following(operation, startedMs, result);
    this.#series.ended(operation, 'ok', undefined, startedMs, this.#clock.monotonic());
    return result;
  }

  /** A query builder begins when its `then` is called, and does so at each call: it is called once, and a promise goes on. */
  #following<T>(operation: string, startedMs: number, result: PromiseLike<T>): Promise<T> {
    return Promise.resolve(result).then(
      (value) => {
        this.#series.ended(operation, 'ok', undefined, startedMs, this.#clock.monotonic());
        return value;
      },
      (cause: unknown) => {
        this.#failed(operation, startedMs, cause);
        throw cause;
      },
    );
  }

  #failed(operation: string, startedMs: number, cause: unknown): void {
    const endedMs = this.#clock.monotonic();
    if (isGivenUp(cause)) {
      this.#series.gaveUp(endedMs);
      return;
    }
    const type = errorTypeOf(cause);
    this.#series.ended(operation, type, type, startedMs, endedMs);
  }
}
