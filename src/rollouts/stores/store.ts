import type { Sums } from '../evidence-sums.js';
import type { Decision } from '../guard-decision.js';

/**
 * Where processes decide as one: decisions of which the highest rank holds, and evidence that adds. All calls may fail at any
 * time, by rejecting, and may take as long as the store is away: whoever calls goes on with what it knows.
 */
export interface RolloutStore {
  readonly name: string;
  /**
   * `news` hears of every decision until `stop`, also of those of this process; `back` whenever the store is there (again):
   * it may have lost something, or missed.
   */
  start(news: (decision: Decision) => void, back: () => void): void;
  load(flag: string): Promise<Decision | undefined>;
  /**
   * Stores and publishes, with all its fields, what ranks higher than what is stored. Gives what is stored after that: its
   * `decider` says which of several processes was first.
   */
  decide(decision: Decision): Promise<Decision>;
  /**
   * Adds to the sums of `part` (a flag, its arm, a variant) and gives those of all processes; blocks before `oldest` may be
   * forgotten. One call at a time for a part. Each call's increments count once: those of a call that was rejected are kept and go with the next one.
   */
  add(part: string, increments: Sums, oldest: number): Promise<Sums>;
  stop(): void | Promise<void>;
}
