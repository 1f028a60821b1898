import { logMeanExp } from './evidence-ratio.js';

/** Odds of the split, as multiples of those that were asked for. */
const MULTIPLES: readonly number[] = [0.5, 0.8, 0.9, 0.95, 1.05, 1.1, 1.25, 2];
const LOG_LIMIT = Math.log(1000);

/**
 * Whether the split gives the share that was asked for; a wrong one makes every comparison doubtful. May be looked at for
 * ever: the chance of a false alarm is 1 in 1000 over all looks. Feed it distinct targeting keys where they are known:
 * a few busy users make the requests of a sound split uneven.
 */
export class SplitCheck {
  readonly #sums = new Float64Array(MULTIPLES.length);

  /** `share`: of the canary, more than 0 and less than 1. */
  add(control: number, canary: number, share: number): void {
    const odds = share / (1 - share);
    MULTIPLES.forEach((multiple, i) => {
      const other = (multiple * odds) / (1 + multiple * odds);
      const added = canary * Math.log(other / share) + control * Math.log((1 - other) / (1 - share));
      this.#sums[i] = (this.#sums[i] as number) + added;
    });
  }

  get logE(): number {
    return logMeanExp(this.#sums);
  }

  get wrong(): boolean {
    return this.logE > LOG_LIMIT;
  }
}
