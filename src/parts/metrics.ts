import type { Alerts } from '../alerts/alerts.js';
import type { Config } from '../config/config.js';
import * as names from '../core/attributes.js';
import { systemClock } from '../core/clock.js';
import { diagnostics } from '../core/diagnostics.js';
import type { Lifecycle } from '../core/lifecycle.js';
import { version } from '../core/version.js';
import { Metrics } from '../metrics/metrics.js';
import { gcTotals } from '../saturation/gc-watch.js';
import type { SaturationMonitor } from '../saturation/monitor.js';
import { pools } from '../saturation/pools/registry.js';
import { declarations } from '../signals/business.js';
import { dependencies } from '../signals/dependencies.js';
import type { Signals } from '../signals/signals.js';
import type { Variants } from '../signals/variants.js';
import type { Tracing } from '../traces/tracing.js';
import { flagClient } from './flags.js';
import type { Rolling } from './rollouts.js';

interface Read {
  readonly golden: Signals;
  readonly variants: Variants;
  readonly alerts: Alerts;
  readonly saturation: SaturationMonitor;
  readonly tracing: Tracing | undefined;
  readonly rolling: Rolling;
}

/** A collector that does not answer leaves time for what is stopped after it. */
const SHARE = 0.5;

/** The export of everything that is kept: read when somebody asks, pushed over OTLP where that is configured. */
export function openMetrics(
  config: Config,
  { golden, variants, alerts, saturation, tracing, rolling }: Read,
  lifecycle: Lifecycle,
): Metrics {
  const { origin, instance, metrics: options } = config;
  const metrics = new Metrics({
    sources: {
      clock: systemClock,
      identity: origin,
      drops: () => diagnostics.drops(),
      http: golden,
      saturation: () => saturation.read(),
      variants: () => variants.series(),
      flagSources: () => flagClient.health().sources,
      alerts: () => alerts.states(),
      budgets: () => alerts.budgets(),
      rollouts: {
        steps: () => rolling.steps.list(),
        shares: () => rolling.rollouts.shares(),
        refused: () => rolling.admission.refused,
      },
      spans: tracing && (() => tracing.ledger()),
      gc: gcTotals,
      pools,
      dependencies: () => dependencies.series(),
      business: declarations,
    },
    include: options.include,
    push: options.push,
    resource: {
      [names.SERVICE_NAME]: origin.service,
      [names.SERVICE_VERSION]: origin.version,
      [names.ENVIRONMENT]: origin.environment,
      [names.INSTANCE_ID]: instance,
    },
    scope: { name: 'fourlights', version },
  });
  metrics.start();
  dependencies.start();
  lifecycle.started('metrics', (leftMs) => {
    dependencies.stop();
    return metrics.stop(leftMs * SHARE);
  });
  return metrics;
}
