import { Alerts } from '../alerts/alerts.js';
import type { Config } from '../config/config.js';
import { systemClock } from '../core/clock.js';
import { diagnostics } from '../core/diagnostics.js';
import type { Lifecycle } from '../core/lifecycle.js';
import { declarations } from '../signals/business.js';
import { dependencies } from '../signals/dependencies.js';
import type { Signals } from '../signals/signals.js';
import { processLog } from './log.js';

/** A receiver that does not answer leaves time for what is stopped after it: spans and lines. */
const SHARE = 0.5;

/** Watches the rules: those of the options, those that the code declares, and those that come with the library. */
export function openAlerts(
  { origin, instance, alerts: options }: Config,
  golden: Signals,
  lifecycle: Lifecycle,
): Alerts {
  const alerts = new Alerts({
    ...options,
    clock: systemClock,
    origin: { service: origin.service, environment: origin.environment, instance },
    log: {
      error: (fields, event) => processLog.pair.own.error(fields, event),
      warn: (fields, event) => processLog.pair.own.warn(fields, event),
      info: (fields, event) => processLog.pair.own.info(fields, event),
    },
    snapshot: (asked) => golden.snapshot(asked),
    requests: () => golden.series(),
    dependencies: () => dependencies.series(),
    business: declarations,
    drops: () => diagnostics.drops(),
  });
  golden.objectives = () => alerts.budgets();
  alerts.start();
  lifecycle.started('alerts', (leftMs) => alerts.stop(leftMs * SHARE));
  return alerts;
}
