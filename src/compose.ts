import type { Config } from './config/config.js';
import { correlationId } from './context/carrier.js';
import { diagnostics } from './core/diagnostics.js';
import type { Observer } from './core/exchange.js';
import { Lifecycle } from './core/lifecycle.js';
import { tellNodeFloor } from './core/node-floor.js';
import { context, instance, NO_SPANS, type Observability, type Running, span, type TracesReader } from './instance.js';
import { accessLog } from './logs/access-log.js';
import { openAdmin } from './parts/admin.js';
import { openAlerts } from './parts/alerts.js';
import { flagClient, openFlags } from './parts/flags.js';
import { openHealth } from './parts/health.js';
import { openHttp } from './parts/http.js';
import { log, openLog, processLog } from './parts/log.js';
import { openMetrics } from './parts/metrics.js';
import { openRollouts } from './parts/rollouts.js';
import { openSignals } from './parts/signals.js';
import { openTraces } from './parts/traces.js';
import type { Signals } from './signals/signals.js';
import type { Variants } from './signals/variants.js';
import type { Tracing } from './traces/tracing.js';

/** Starts all parts, each after those that it needs; what started last is stopped first. */
export function compose(config: Config, shutdown: Observability['shutdown']): Running {
  const lifecycle = new Lifecycle();
  const logs = openLog(config, lifecycle);
  tellNodeFloor(process.version);
  const { saturation, variants, golden } = openSignals(config, lifecycle);
  const tracing = openTraces(config, lifecycle);
  const alerts = openAlerts(config, golden, lifecycle);
  const rolling = openRollouts(config, { variants, saturation, alerts }, lifecycle);
  const metrics = openMetrics(config, { golden, variants, alerts, saturation, tracing, rolling }, lifecycle);
  openFlags(config, tracing, lifecycle);
  const { admission, rollouts } = rolling;
  openHttp(config, observersOf(config, { golden, variants, tracing }), { tracing, admission }, lifecycle);
  const admin = openAdmin(config, { metrics, golden, tracing, alerts, rollouts }, lifecycle);
  openHealth(config, tracing, shutdown, lifecycle);
  const traces = readerOf(tracing);

  return {
    headers: config.http.correlationHeaders,
    tracing,
    observability: {
      log,
      flags: flagClient,
      signals: golden,
      context,
      correlationId,
      span,
      traces,
      alerts: {
        states: () => alerts.states(),
        deliveries: () => alerts.deliveries(),
        findings: () => alerts.findings(),
      },
      rollouts: {
        states: () => rollouts.states(),
        shed: () => rollouts.shed(),
        rearm: (flag, reason) => rollouts.rearm(flag, reason),
      },
      admin,
      drops: () => diagnostics.drops(),
      shutdown,
    },
    stop: async (timeoutMs = config.shutdownTimeoutMs) => {
      const report = await lifecycle.stop(timeoutMs);
      instance.running = undefined;
      const { ended, delivered, dropped } = traces.ledger();
      return { ...report, spans: { ended, delivered, dropped }, logs };
    },
  };
}

interface Observing {
  readonly golden: Signals;
  readonly variants: Variants;
  readonly tracing: Tracing | undefined;
}

/** They end in reverse: the line is written and the signals count before the span asks whether that was slow. */
function observersOf({ log: options }: Config, { golden, variants, tracing }: Observing): Observer[] {
  const line = options.accessLog === undefined ? [] : [accessLog(processLog, options.accessLog)];
  const spans = tracing === undefined ? [] : [tracing.exchanges];
  return [...spans, golden, flagClient.observer(variants), ...line];
}

function readerOf(tracing: Tracing | undefined): TracesReader {
  return {
    kept: () => tracing?.kept.list() ?? [],
    ledger: () => tracing?.ledger() ?? NO_SPANS,
    flush: async (withinMs = 2000) => tracing?.flush(withinMs),
  };
}
