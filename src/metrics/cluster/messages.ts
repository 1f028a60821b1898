import { randomUUID } from 'node:crypto';
import type { Report } from './report.js';

/** What a worker, a process or a thread, tells the one who collects. Everything else on their channel is the application's. */
export type ToPrimary =
  | Report
  /** Is anybody there who collects? */
  | { readonly fourlights: 'metrics.hello' }
  /** Nothing more will be measured. Of a thread that was terminated it is told by the one that has started it. */
  | { readonly fourlights: 'metrics.gone' }
  | { readonly fourlights: 'metrics.ask'; readonly id: number; readonly accept: string | undefined };

export type ToWorker =
  | Welcome
  | { readonly fourlights: 'metrics.answer'; readonly id: number; readonly contentType: string; readonly body: string };

/** Somebody collects: report from now on, and from the beginning to a collector that is new. */
export interface Welcome {
  readonly fourlights: 'metrics.welcome';
  readonly collector: string;
}

/** Of one who begins to collect. */
export function welcome(): Welcome {
  return { fourlights: 'metrics.welcome', collector: randomUUID() };
}

const KINDS = ['metrics.report', 'metrics.hello', 'metrics.gone', 'metrics.ask', 'metrics.welcome', 'metrics.answer'];

/** Whether it is one of ours. Both ends run this package; the fields are not looked at. */
export function isOurs(message: unknown): message is ToPrimary | ToWorker {
  if (typeof message !== 'object' || message === null || !('fourlights' in message)) return false;
  return typeof message.fourlights === 'string' && KINDS.includes(message.fourlights);
}
