import type { Alerts } from '../alerts/alerts.js';
import type { Config } from '../config/config.js';
import { systemClock } from '../core/clock.js';
import type { Lifecycle } from '../core/lifecycle.js';
import { Admission } from '../rollouts/admission.js';
import { Rollouts } from '../rollouts/rollouts.js';
import { Delivery } from '../rollouts/writers/delivery.js';
import type { SaturationMonitor } from '../saturation/monitor.js';
import type { Variants } from '../signals/variants.js';
import { flagClient } from './flags.js';
import { inAlerts, inLog, StepCounts } from './rollout-steps.js';

export interface Rolling {
  readonly rollouts: Rollouts;
  readonly steps: StepCounts;
  readonly admission: Admission;
}

interface Read {
  readonly variants: Variants;
  readonly saturation: SaturationMonitor;
  readonly alerts: Alerts;
}

/** Guards, ops flags under load, and what middlewares refuse. To be opened before flags are: a rollout begins before any request sees it. */
export function openRollouts(config: Config, { variants, saturation, alerts }: Read, lifecycle: Lifecycle): Rolling {
  const { writers = [], ...options } = config.rollouts;
  const { readOnly, limit } = config.http;
  const steps = new StepCounts();
  const deliveries = writers.map((writer) => new Delivery(writer, systemClock));
  const rollouts = new Rollouts({
    ...options,
    clock: systemClock,
    flags: flagClient,
    variants,
    saturation: () => saturation.read(),
    events: [inLog, inAlerts(alerts, config.origin), steps.add, ...deliveries.map(({ add }) => add)],
  });
  rollouts.start();
  lifecycle.started('rollouts', async () => {
    await rollouts.stop();
    await Promise.all(deliveries.map((delivery) => delivery.stop()));
  });
  const admission = new Admission({ clock: systemClock, readOnly: readOnly ? flagClient : undefined, limit });
  return { rollouts, steps, admission };
}
