import { type Reading, single } from './reading.js';
import type { View } from './view.js';

/** Before, a lull cannot be told from a beginning. */
const LEAST_BASE_S = 600;
/** Less in the base says nothing: a request a minute may well miss one. */
const LEAST_BASE_REQUESTS = 100;
const HOUR_S = 3600;

/** Requests per second now, as a share of those in the hour before the window. */
export function ofLastHour(view: View): Reading[] {
  const { total } = view.snapshot.traffic;
  const now = view.increase('traffic', total);
  const hour = view.increase('traffic of the hour', total, HOUR_S);
  if (now === undefined || hour === undefined) return [single(null)];
  const base = { amount: hour.amount - now.amount, seconds: hour.seconds - now.seconds };
  if (base.seconds < LEAST_BASE_S || base.amount < LEAST_BASE_REQUESTS) return [single(null)];
  return [single(now.amount / now.seconds / (base.amount / base.seconds))];
}

/** Signals of the ledger of drops that are telemetry; others are, say, bad input from outside. */
const TELEMETRY: readonly string[] = ['spans', 'logs', 'metrics', 'notifications'];

/** What of our own telemetry was lost within the window. */
export function telemetryLoss(view: View): Reading[] {
  const drops = view.sources.drops?.();
  if (drops === undefined) return [];
  let lost = 0;
  for (const signal of TELEMETRY) {
    if (!Object.hasOwn(drops, signal)) continue;
    for (const count of Object.values(drops[signal] ?? {})) lost += count;
  }
  return [single(view.increase('telemetry', lost)?.amount ?? null)];
}
