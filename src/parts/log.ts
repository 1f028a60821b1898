import { type Config, originOf } from '../config/config.js';
import { fromEnvironment } from '../config/environment.js';
import { systemClock } from '../core/clock.js';
import { diagnostics, type Notice } from '../core/diagnostics.js';
import type { Lifecycle } from '../core/lifecycle.js';
import { slot } from '../core/slot.js';
import { LEVELS } from '../logs/levels.js';
import { type Log, rootLog } from '../logs/logger.js';
import { ProcessLog } from '../logs/state.js';

export const processLog: ProcessLog = slot(
  'log.state',
  () =>
    new ProcessLog(() => ({
      origin: originOf({}, fromEnvironment(process.env)),
      clock: systemClock,
      threshold: LEVELS.info,
      redact: [],
      destination: 1,
    })),
);

/** The logger of this process, with pino's API: `log.info({ user_id }, 'cart_opened')`. Before `observe()` it writes to standard output. */
export const log: Log = slot('log', () => rootLog(processLog));

/** The lines are closed before the time is up, so that the report can say how many were lost. */
const SHARE = 0.8;

/** Lines of the process, as they stand when it has shut down. */
export interface LineCounts {
  readonly written: number;
  readonly dropped: number;
}

/** Sets the log up; what is returned counts once it has been stopped. */
export function openLog({ origin, log: options }: Config, lifecycle: Lifecycle): LineCounts {
  const counts = { written: 0, dropped: 0 };
  processLog.setUp({ origin, clock: systemClock, ...options });
  diagnostics.speakThrough(tell);
  lifecycle.started('logs', async (leftMs) => {
    diagnostics.speakThrough(undefined);
    Object.assign(counts, await processLog.drain(leftMs * SHARE));
  });
  return counts;
}

/** The library's own notices are log lines like all others. */
function tell({ code, message, cause, repeated }: Notice): void {
  const fields = { code, message, err: cause, repeated: repeated === 0 ? undefined : repeated };
  processLog.pair.own.warn(fields, 'fourlights_notice');
}
