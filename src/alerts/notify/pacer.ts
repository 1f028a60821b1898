import type { Alert, Message } from '../sinks/alert.js';

/** One series that fires, or whose episode has just ended. */
export interface Told {
  /** Of the series: the same over all of its episodes. */
  readonly id: string;
  readonly alert: Alert;
  /** A graver one fires: it is not to be told. */
  readonly muted: boolean;
}

/** Decides when a sink is told what. Called after each evaluation, with all that fires and all that has ended with it. */
export interface Pacer {
  /** `nowMs`: monotonic; `atMs`: the same moment in epoch ms. */
  next(told: readonly Told[], nowMs: number, atMs: number): Message[];
  /** What would be told if there were no next time. */
  last(nowMs: number, atMs: number): Message[];
}
