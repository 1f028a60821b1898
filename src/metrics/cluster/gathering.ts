import type { Clock } from '../../core/clock.js';
import { Deltas } from '../deltas.js';
import type { Family } from '../family.js';
import { Fleet } from './fleet.js';
import { type Report, Reporter } from './report.js';

/** No worker and no thread has this number. */
const OWN = 0;

/** What one process has itself and what others have reported to it, added up. */
export class Gathering {
  readonly #clock: Clock;
  readonly #fleet = new Fleet();
  readonly #deltas = new Deltas();
  readonly #reporter = new Reporter();
  #hasOthers = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `from`: above 0. */
  take(from: number, report: Report): void {
    this.#hasOthers = true;
    this.#fleet.take(from, report, this.#clock.monotonic());
  }

  /** It has ended; a last report may still come. */
  gone(from: number): void {
    this.#fleet.gone(from);
  }

  /** Nothing will come from it any more. */
  forget(from: number): void {
    this.#fleet.forget(from);
  }

  /** Milliseconds since each of those that live was heard, once `families` has been asked for. */
  ages(): number[] {
    return this.#fleet.ages(this.#clock.monotonic());
  }

  /** Of all, given one's own; `undefined`: nobody else has ever reported. */
  families(own: readonly Family[]): readonly Family[] | undefined {
    if (!this.#hasOthers) return undefined;
    this.#fleet.take(OWN, this.#reporter.report(this.#deltas.since(own)), this.#clock.monotonic());
    this.#deltas.commit();
    return [...this.#fleet.families(), ...own.filter(({ type }) => type === 'summary')];
  }
}
