import type { NoData } from '../rule.js';

/**
 * Of one series of one rule. To the outside, `recovering` still fires: the value is on the safe side, but not for long
 * enough; `resolved` is `inactive` that has fired lately.
 */
export type AlertState = 'inactive' | 'pending' | 'firing' | 'recovering' | 'resolved';

/** Where a series stands, and for how long what its next state waits for has been so, ms. */
export interface Standing {
  readonly state: AlertState;
  readonly heldMs: number;
}

/** What an evaluation saw: beyond the threshold, in the band, on the safe side, too few samples, or nothing at all. */
export type Sight = 'beyond' | 'band' | 'clear' | 'few' | 'nothing';

/** How long things must hold, ms. */
export interface Holds {
  readonly forMs: number;
  readonly keepMs: number;
  readonly noData: NoData;
}

export const INACTIVE: Standing = { state: 'inactive', heldMs: 0 };
const FIRING: Standing = { state: 'firing', heldMs: 0 };
const RESOLVED: Standing = { state: 'resolved', heldMs: 0 };

export function isFiring(state: AlertState): boolean {
  return state === 'firing' || state === 'recovering';
}

/**
 * One step. `elapsedMs`: since the evaluation before, as far as the value is known to have been the same in between. The
 * same truth as the generated expression: the condition is `beyond`, or `band` while it fires.
 */
export function step(standing: Standing, sight: Sight, elapsedMs: number, holds: Holds): Standing {
  switch (standing.state) {
    case 'inactive':
    case 'resolved':
      return counts(sight, holds) ? held('pending', 0, holds.forMs, FIRING) : standing;
    case 'pending':
      if (sight === 'few') return standing;
      return counts(sight, holds) ? held('pending', standing.heldMs + elapsedMs, holds.forMs, FIRING) : INACTIVE;
    case 'firing':
      return isSafe(sight, holds) ? held('recovering', 0, holds.keepMs, RESOLVED) : standing;
    case 'recovering':
      if (isSafe(sight, holds)) return held('recovering', standing.heldMs + elapsedMs, holds.keepMs, RESOLVED);
      return sight === 'few' || (sight === 'nothing' && holds.noData === 'keep') ? standing : FIRING;
  }
}

function counts(sight: Sight, { noData }: Holds): boolean {
  return sight === 'beyond' || (sight === 'nothing' && noData === 'fire');
}

function isSafe(sight: Sight, { noData }: Holds): boolean {
  return sight === 'clear' || (sight === 'nothing' && noData === 'resolve');
}

function held(state: AlertState, heldMs: number, wantedMs: number, after: Standing): Standing {
  return heldMs >= wantedMs ? after : { state, heldMs };
}
