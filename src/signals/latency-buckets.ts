const LOWEST = 0.001;
const GROWTH = 1.1;
const HIGHEST = 60;

/** Seconds, each boundary 10 % above the one before, 1 ms to a minute: fine enough to compare the tails of two variants. */
export const LATENCY_BOUNDARIES: readonly number[] = Array.from(
  { length: Math.ceil(Math.log(HIGHEST / LOWEST) / Math.log(GROWTH)) + 1 },
  (_, i) => LOWEST * GROWTH ** i,
);
