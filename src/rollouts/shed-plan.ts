import { A_DURATION, millisecondsOf } from '../core/duration.js';
import type { FlagMetadata } from '../flags/evaluation.js';

/** When an ops flag goes off under load, and when it comes back. Ratios of saturation, 0 to 1; times in ms. */
export interface ShedPlan {
  /** The lowest goes first, and comes back last. */
  readonly order: number;
  /** Name of the probe that is looked at. */
  readonly resource: string;
  readonly above: number;
  readonly below: number;
  /** Above for so long before it goes off. */
  readonly forMs: number;
  /** Off for at least so long. */
  readonly minHoldMs: number;
}

const RESOURCE = 'event-loop-utilization';
const ABOVE = 0.9;
const BELOW = 0.8;
const FOR = '2s';
const MIN_HOLD = '30s';

/**
 * The plan in a flag's metadata: `"ops.shed": 1` (its order; `true` is 1), and as wanted `"ops.resource"`, `"ops.above"`,
 * `"ops.below"`, `"ops.for"`, `"ops.minHold"`. `undefined`: it is no ops flag. Throws `TypeError` for what cannot be.
 */
export function shedPlan(flag: string, metadata: FlagMetadata): ShedPlan | undefined {
  const shed = metadata['ops.shed'];
  if (shed === undefined || shed === false) return undefined;
  const order = shed === true ? 1 : shed;
  if (typeof order !== 'number') return refuse(flag, 'ops.shed', shed, 'a number, the lowest goes off first');
  const above = ratio(flag, 'ops.above', metadata['ops.above'] ?? ABOVE);
  const below = ratio(flag, 'ops.below', metadata['ops.below'] ?? Math.min(BELOW, above * (BELOW / ABOVE)));
  if (below >= above) return refuse(flag, 'ops.below', below, `less than ops.above, ${above}: else it would flap`);
  return {
    order,
    resource: String(metadata['ops.resource'] ?? RESOURCE),
    above,
    below,
    forMs: lasting(flag, 'ops.for', metadata['ops.for'] ?? FOR),
    minHoldMs: lasting(flag, 'ops.minHold', metadata['ops.minHold'] ?? MIN_HOLD),
  };
}

function lasting(flag: string, name: string, value: unknown): number {
  return millisecondsOf(value) ?? refuse(flag, name, value, A_DURATION);
}

function ratio(flag: string, name: string, value: unknown): number {
  return typeof value === 'number' && value > 0 && value <= 10
    ? value
    : refuse(flag, name, value, 'a ratio such as 0.9');
}

function refuse(flag: string, name: string, value: unknown, expected: string): never {
  throw new TypeError(`ops flag "${flag}": ${name} is ${JSON.stringify(value)}; expected ${expected}`);
}
