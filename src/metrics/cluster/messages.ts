import type { Report } from './report.js';

/** What goes over the channel between a worker and its primary. Everything else on it is the application's. */
export type ToPrimary =
  | Report
  /** Is anybody there who collects? */
  | { readonly fourlights: 'metrics.hello' }
  | { readonly fourlights: 'metrics.ask'; readonly id: number; readonly accept: string | undefined };

export type ToWorker =
  /** Somebody collects: report from now on. */
  | { readonly fourlights: 'metrics.welcome' }
  | { readonly fourlights: 'metrics.answer'; readonly id: number; readonly contentType: string; readonly body: string };

const KINDS = ['metrics.report', 'metrics.hello', 'metrics.ask', 'metrics.welcome', 'metrics.answer'];

/** Whether it is one of ours. Both ends run this package; the fields are not looked at. */
export function isOurs(message: unknown): message is ToPrimary | ToWorker {
  if (typeof message !== 'object' || message === null || !('fourlights' in message)) return false;
  return typeof message.fourlights === 'string' && KINDS.includes(message.fourlights);
}
