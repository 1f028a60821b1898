import { Dispersion } from './evidence-dispersion.js';
import { INTERVAL_GRID } from './evidence-interval.js';
import {
  logLikelihoods,
  PROMOTION_GRID,
  PROMOTION_TOLERANCE,
  rollbackGrid,
  type Tick,
  tells,
} from './evidence-ratio.js';
import { blockName, blockOf } from './evidence-sums.js';

/** Which tick it is, counted from the start of the rollout, and the stage that it is in: the same for a whole fleet. */
export interface Moment {
  readonly tick: number;
  readonly stage: number;
}

export interface FamilyOptions {
  /** Ratios up to here are accepted. */
  readonly tolerance: number;
  /** Bad rate of which an absolute proof is tried, for a service that has no errors to compare: 0.005 is 0.5 %. */
  readonly mostBad?: number | undefined;
  /** Keeps what the always-valid interval is made of. @default true */
  readonly interval?: boolean | undefined;
}

const MOST_SEEN = 3;
/** Shares of the most that is allowed, at which the absolute proof is tried. */
const ABSOLUTE_GRID: readonly number[] = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4];

/**
 * What one kind of bad event says, tick by tick: its part of the evidence for rollback, for promotion and for the interval,
 * as vectors that add over ticks and processes. Vectors: `count.<name>` [control total, bad, canary total, bad],
 * `ratio.<name>` and `ratio.<name>@<block>`, `seen.<name>@<tick>`, `promote.<name>.<stage>`, `absolute.<name>.<stage>`,
 * `interval.<name>`.
 */
export class Family {
  readonly name: string;
  readonly #grid: readonly number[];
  readonly #options: FamilyOptions;
  readonly #dispersion = new Dispersion();
  /** Ticks with a bad event of the canary that were told: more than anybody asks for are not. */
  #seen = 0;

  constructor(name: string, options: FamilyOptions) {
    this.name = name;
    this.#options = options;
    this.#grid = rollbackGrid(options.tolerance);
  }

  get phi(): number {
    return this.#dispersion.phi;
  }

  /** The increments of one tick. The dispersion is that of the ticks before it. */
  tick(tick: Tick, { tick: at, stage }: Moment, into: Record<string, readonly number[]>): void {
    const { control, canary } = tick;
    const { name } = this;
    const { tolerance, mostBad, interval = true } = this.#options;
    const { phi, estimate, known } = this.#dispersion;
    into[`count.${name}`] = [control.total, control.bad, canary.total, canary.bad];
    if (canary.bad > 0 && this.#seen++ < MOST_SEEN) into[`seen.${name}@${at}`] = [1];
    if (tells(tick)) {
      const ratio = logLikelihoods(this.#grid, tolerance, tick, phi);
      into[`ratio.${name}`] = ratio;
      into[blockName(`ratio.${name}`, blockOf(at))] = ratio;
      if (known) into[`promote.${name}.${stage}`] = logLikelihoods(PROMOTION_GRID, PROMOTION_TOLERANCE, tick, estimate);
      if (interval) into[`interval.${name}`] = logLikelihoods(INTERVAL_GRID, 1, tick, phi);
    }
    if (mostBad !== undefined && canary.total > 0)
      into[`absolute.${name}.${stage}`] = absolute(tick, mostBad, estimate);
    if (control.total > 0) this.#dispersion.add(control.bad);
  }
}

function absolute({ canary }: Tick, mostBad: number, phi: number): number[] {
  return ABSOLUTE_GRID.map((share) => (canary.bad * Math.log(share) - canary.total * mostBad * (share - 1)) / phi);
}
