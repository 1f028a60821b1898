import { keep } from '../figures.js';
import { long } from '../form.js';
import type { Goal } from '../report/goals.js';
import type { Measured } from '../report/measures.js';

interface Sizes {
  readonly short: number;
  readonly long: number;
}

/** How many cases an area is tried with: a million in all of the long form, a small share of them on every run of the tests. */
export function cases(sizes: Sizes): number {
  return long ? sizes.long : sizes.short;
}

/** Leaves an area's row for the report. Nothing of it has thrown, or the test would have ended before. */
export function tried(
  name: string,
  promise: string,
  count: number,
  {
    text = '',
    goals = [1],
    measured = {},
  }: { text?: string; goals?: readonly [Goal, ...Goal[]]; measured?: Measured } = {},
): void {
  const said = `${count.toLocaleString('en-GB')} cases${text === '' ? '' : `; ${text}`}`;
  keep({ group: 'fuzz', name, promise, goals, text: said, measured: { exits: 0, fuzzCases: count, ...measured } });
}

/** Microseconds of this process's own time for one case, on average over the work; other processes do not count. */
export function cpuMicros(count: number, work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}
