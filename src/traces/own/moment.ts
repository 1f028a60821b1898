import { epochTime } from '../../core/epoch.js';
import type { HighResolutionTime } from '../export/finished-span.js';

/** Epoch milliseconds, or what an application gave: most spans are dropped before anybody asks for more than that. */
export type Moment = number | HighResolutionTime;

export function timeOf(moment: Moment): HighResolutionTime {
  return typeof moment === 'number' ? epochTime(moment) : moment;
}
