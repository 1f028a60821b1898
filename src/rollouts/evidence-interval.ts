import { logMeanExp } from './evidence-ratio.js';

const POINTS = 65;
const FARTHEST = 16;

/** Ratios from 1/16 to 16, each 9 % above the one before. */
export const INTERVAL_GRID: readonly number[] = Array.from(
  { length: POINTS },
  (_, k) => FARTHEST ** ((2 * k) / (POINTS - 1) - 1),
);

/** The chance that an interval ever leaves the true ratio out. */
const ALPHA = 0.05;
/** Fewer bad events than this, and nothing is said. */
const FEWEST = 10;

/** How the rate of the canary stands to that of the control. Both ends are `null` as long as there is too little data. */
export interface RatioInterval {
  readonly low: number | null;
  /** `Infinity`, which JSON has as `null`, where the range is open. */
  readonly high: number | null;
  /** The range has no upper end: the data refute none of the ratios above `low`. False while there is too little data. */
  readonly open: boolean;
  /** Said plainly: what there is too little of. */
  readonly missing: string | null;
}

/**
 * The ratios that the data have not refuted, of the sums of `logLikelihoods(INTERVAL_GRID, 1, ...)`. It may
 * be looked at whenever one likes: the chance that it EVER leaves out the true ratio is 5 % (Ville's inequality for the
 * mixture over the grid, inverted). Beyond the ends of the grid an interval is open: 0 or Infinity.
 */
export function ratioInterval(sums: ArrayLike<number> | undefined, events: number): RatioInterval {
  if (sums === undefined || events < FEWEST) {
    return { low: null, high: null, open: false, missing: `not enough data: ${events} of ${FEWEST} events` };
  }
  const mixed = logMeanExp(sums);
  const limit = -Math.log(ALPHA);
  let first = -1;
  let last = -1;
  for (let k = 0; k < POINTS; k++) {
    if (mixed - (sums[k] as number) >= limit) continue;
    if (first === -1) first = k;
    last = k;
  }
  // One point wider on each side: the true end lies between two points.
  return {
    low: INTERVAL_GRID[first - 1] ?? 0,
    high: INTERVAL_GRID[last + 1] ?? Number.POSITIVE_INFINITY,
    open: last === POINTS - 1,
    missing: null,
  };
}
