import type { Reading } from '../core/saturation.js';

/**
 * One resource that can run out. A probe owns what it starts and stops it in `dispose`.
 *
 * The monitor samples from one timer, and once for whoever reads before the first tick what is not of a time: never from
 * within a request's own work after that, never twice at the same time. A busy loop makes ticks late, so a rate is taken over the time that
 * really went by, not over the interval.
 *
 * A probe that cannot be read on this machine throws, when it is made or when it is sampled: the monitor says why, once,
 * disposes it and leaves it out for good.
 */
export interface Probe {
  readonly name: string;
  /**
   * True: what it says is of the time since the sample before. It is not asked before the first interval is over, as over
   * less a start alone reads as a full resource.
   */
  readonly overTime?: boolean | undefined;
  /** `undefined`: nothing to say yet, as before the first difference. Answers at once and never with a promise. */
  sample(): Reading | undefined;
  /** Called once, also after `sample` threw. */
  dispose?(): void;
}

/**
 * The least time a rate may span, ms. Over less, one garbage collection reads as a full resource: a probe answers
 * `undefined` and keeps its last sample.
 */
export const SHORTEST_WINDOW_MS = 50;
