const FIRST_MS = 1000;
/** Low, so that a receiver that has come back is found soon; one request in a quarter of a minute harms nobody. */
const LONGEST_MS = 15_000;

/** Doubles with each failure in a row, from `firstMs` after the first up to `longestMs`. */
export function doubled(firstMs: number, failures: number, longestMs: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 10));
}

/** How long to wait before the next try. Half of it is by chance, so that a fleet does not come back as one. */
export function backoffMs(failures: number, random: () => number): number {
  const full = doubled(FIRST_MS, failures, LONGEST_MS);
  return full / 2 + (full / 2) * random();
}
