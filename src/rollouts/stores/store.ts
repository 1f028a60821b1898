import type { Sums } from '../evidence-sums.js';
import type { Decision } from '../guard-decision.js';

/**
 * Where processes decide as one: decisions of which the highest rank holds, and evidence that adds. All calls may fail at any
 * time, by rejecting: whoever calls goes on with what it knows and tries again.
 */
export interface RolloutStore {
  readonly name: string;
  /** Hears of every decision until `stop`, also of those of this process. */
  start(news: (decision: Decision) => void): void;
  load(flag: string): Promise<Decision | undefined>;
  /** Stores and publishes what ranks higher than what is stored. Gives what is stored after that. */
  decide(decision: Decision): Promise<Decision>;
  /**
   * Adds to the sums of `part` (a flag, its arm, a variant) and gives those of all processes; blocks before `oldest` may be
   * forgotten. Adds each call once, however often its network repeats it.
   */
  add(part: string, increments: Sums, oldest: number): Promise<Sums>;
  stop(): void | Promise<void>;
}
