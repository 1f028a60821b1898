import type { Duration } from '../core/duration.js';

/** What counts, and which part of it is bad. Requests whose client went away are neither. */
export type Sli =
  /** Requests, of all routes or of one (`GET /carts/:user`, or the template alone); bad are those that failed. */
  | { readonly of: 'requests'; readonly route?: string | undefined; readonly slowerThan?: undefined }
  /** The same; bad are those that took longer than so many seconds, one of the histogram's boundaries. */
  | { readonly of: 'requests'; readonly route?: string | undefined; readonly slowerThan: number }
  /** Calls of one dependency; bad are those that failed. */
  | { readonly of: 'dependency'; readonly name: string }
  /** Two business counters; the first counts what is bad among what the second counts. */
  | { readonly of: 'counters'; readonly bad: string; readonly total: string };

/** A promise over a period, and how it is measured. */
export interface Objective {
  /** Unique; letters, digits and `_`. */
  readonly name: string;
  /** The share that shall be good: 0.999. Above 0 and below 1. */
  readonly objective: number;
  /** Over which the promise is kept. @default 30d */
  readonly period?: Duration | undefined;
  /** What counts: requests (of a `route`, or those `slowerThan` so many seconds), a dependency's calls, two counters. @default all requests; bad are those that failed */
  readonly sli?: Sli | undefined;
  /** What to do when the budget burns. */
  readonly action: string;
  /** Address of a page that says more. */
  readonly runbook?: string | undefined;
  /** Whose it is; goes along as a label. */
  readonly owner?: string | undefined;
}

/** One pair of windows: fires when both burn faster than `factor` and there was that much traffic in the long one. */
export interface BurnPair {
  readonly severity: 'critical' | 'warning';
  readonly longSeconds: number;
  readonly shortSeconds: number;
  /** Multiples of the rate at which the budget lasts exactly the period. */
  readonly factor: number;
  /** Below so many events in the long window one bad one would be a fire. */
  readonly minEvents: number;
}

/** SRE workbook, chapter 5, table 5-8: 2 % of a 30 days' budget in an hour, 5 % in six, 10 % in a day and in three. */
export const BURN_PAIRS: readonly BurnPair[] = [
  { severity: 'critical', longSeconds: 3600, shortSeconds: 300, factor: 14.4, minEvents: 300 },
  { severity: 'critical', longSeconds: 6 * 3600, shortSeconds: 1800, factor: 6, minEvents: 1000 },
  { severity: 'warning', longSeconds: 86_400, shortSeconds: 7200, factor: 3, minEvents: 1000 },
  { severity: 'warning', longSeconds: 3 * 86_400, shortSeconds: 6 * 3600, factor: 1, minEvents: 1000 },
];
