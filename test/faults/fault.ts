import type { Goal } from './report/goals.js';
import type { Measured } from './report/measures.js';
import type { Scene } from './scene.js';

/** What a fault showed: in words for its row, and the numbers that goals ask for. */
export interface Figure {
  readonly text: string;
  readonly measured?: Measured;
  /** Why a number is beyond its goal. */
  readonly beyond?: string;
}

/** One way to hurt the service, what holds all the same, and how that is shown. */
export interface Fault {
  /** What goes wrong. */
  readonly name: string;
  /** What holds all the same, in one sentence. */
  readonly promise: string;
  /** The rows of the goals' table that it shows. */
  readonly goals: readonly [Goal, ...Goal[]];
  /** Too long for `npm test`: in the long form alone. */
  readonly long?: boolean;
  /** Does it to real processes, and throws when the promise is broken. `scene.long` asks for the full size. */
  run(scene: Scene): Promise<Figure>;
}

export interface Group {
  readonly name: string;
  readonly faults: readonly Fault[];
}
