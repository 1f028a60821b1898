/** @typedef {{ median: number, min: number, max: number }} Spread */

/** @param {readonly number[]} values @returns {Spread} */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
  return { median, min: sorted[0], max: sorted[sorted.length - 1] };
}

/** `measure` over the runs of one name. */
export const over = (runs, measure) => spread(runs.map(measure));

/**
 * What is relative is relative to the other's run of the same round, since the machine changes between rounds.
 * @template T
 * @param {readonly T[]} runs @param {readonly T[]} others
 * @param {(run: T, other: T) => number} measure
 */
export const against = (runs, others, measure) => spread(runs.map((run, round) => measure(run, others[round])));
