/** Requests of one variant, and how many of them were bad, in one tick. */
export interface Counts {
  readonly total: number;
  readonly bad: number;
}

/** The same seconds of both variants: what hits both at once tells nothing about either. */
export interface Tick {
  readonly control: Counts;
  readonly canary: Counts;
}

/** Ratios of the canary's bad rate to the control's that are accepted. */
export const TOLERANCE = 1.5;
/** Rollback is asked at this many ratios above the tolerance. */
export const GRID_POINTS = 12;
const NEAREST = 1.25;
const FARTHEST = 32;

/** From 1.25 to 32 times the tolerance, in equal factors. */
export function rollbackGrid(tolerance: number): readonly number[] {
  const factor = FARTHEST / NEAREST;
  return Array.from({ length: GRID_POINTS }, (_, j) => tolerance * NEAREST * factor ** (j / (GRID_POINTS - 1)));
}

/** Each ratio of the grid weighs so much of the one below: what is far beyond the tolerance is found at once anyway. */
const FALL = 0.7;
const WEIGHTS: readonly number[] = Array.from({ length: GRID_POINTS }, (_, j) => FALL ** j);

/** The log of the e-value of one copy of the test: its likelihoods, weighed. */
export function weighedLogE(sums: ArrayLike<number>): number {
  return logMeanExp(sums, WEIGHTS);
}

/** "The canary is at most twice as bad": the ratio that promotion has to refute, and the ratios that refute it. */
export const PROMOTION_TOLERANCE = 2;
export const PROMOTION_GRID: readonly number[] = [0.25, 0.5, 0.75, 1, 1.25, 1.5];

/**
 * The chance that a bad event is one of the canary's when its bad rate is `ratio` times the control's. The rate itself,
 * whatever it is at the moment, drops out: that is why an incident of both is evidence against neither.
 */
export function canaryShare(ratio: number, { control, canary }: Tick): number {
  return (ratio * canary.total) / (ratio * canary.total + control.total);
}

/** False for a tick that says nothing about the ratio. */
export function tells({ control, canary }: Tick): boolean {
  return control.total > 0 && canary.total > 0 && control.bad + canary.bad > 0;
}

/**
 * What one tick adds to the log-likelihood of each ratio of `grid` against that of `accepted`, tempered by the dispersion
 * `phi` (1: events are independent). The sums of several processes add, point by point.
 */
export function logLikelihoods(grid: readonly number[], accepted: number, tick: Tick, phi = 1): number[] {
  const { control, canary } = tick;
  const base = canaryShare(accepted, tick);
  const onCanary = Math.log(base);
  const onControl = Math.log1p(-base);
  return grid.map((ratio) => {
    const share = canaryShare(ratio, tick);
    return (canary.bad * (Math.log(share) - onCanary) + control.bad * (Math.log1p(-share) - onControl)) / phi;
  });
}

/** The log of the (weighed) mean of exp(x), without overflow or underflow; -Infinity for nothing. */
export function logMeanExp(values: ArrayLike<number>, weights?: readonly number[]): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) top = Math.max(top, values[i] as number);
  if (top === Number.NEGATIVE_INFINITY) return top;
  let sum = 0;
  let whole = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights?.[i] ?? 1;
    sum += weight * Math.exp((values[i] as number) - top);
    whole += weight;
  }
  return top + Math.log(sum / whole);
}
