import type http from 'node:http';
import type * as fourlights from '../../../src/index.js';

/** What work that runs inside of the service has at hand. */
export interface Tools<A = undefined> {
  /** The built package, as users load it. */
  readonly lib: typeof fourlights;
  readonly observability: fourlights.Observability;
  readonly server: http.Server;
  readonly require: NodeJS.Require;
  readonly pause: (ms: number) => Promise<void>;
  /** Longest time that the loop stood still since the last call, ms. */
  readonly standstill: () => number;
  /** What one piece of work leaves for the next. */
  readonly kept: Record<string, unknown>;
  readonly argument: A;
}
