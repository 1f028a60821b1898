import type { RequestListener } from 'node:http';
import type { AlertState } from '../admin/api/sources.js';
import { AdminServer } from '../admin/server.js';
import { Surface } from '../admin/surface.js';
import type { Alerts } from '../alerts/alerts.js';
import type { Config } from '../config/config.js';
import { systemClock } from '../core/clock.js';
import { diagnostics } from '../core/diagnostics.js';
import type { Lifecycle } from '../core/lifecycle.js';
import type { Metrics } from '../metrics/metrics.js';
import type { Rollouts } from '../rollouts/rollouts.js';
import type { Signals } from '../signals/signals.js';
import type { Tracing } from '../traces/tracing.js';
import { verdictHandler } from '../verdict/handler.js';
import { shownConfiguration } from './admin-configuration.js';
import { judges, shownRollouts } from './admin-rollouts.js';
import { flagClient } from './flags.js';
import { healthRoutes } from './health.js';
import { processLog } from './log.js';

/** The surface for operators: a handler to mount, and a port of its own where one was asked for. */
export interface Admin {
  /** For a server of the application's own; answers by the path alone, and to whom the access rules let in. */
  readonly handler: RequestListener;
  /** The port, once it listens; `undefined` without one. */
  readonly port: Promise<number | undefined>;
}

interface Shown {
  readonly metrics: Metrics;
  readonly golden: Signals;
  readonly tracing: Tracing | undefined;
  readonly alerts: Alerts;
  readonly rollouts: Rollouts;
}

export function openAdmin(config: Config, shown: Shown, lifecycle: Lifecycle): Admin {
  const { metrics, golden, tracing, alerts, rollouts } = shown;
  const { admin, origin, instance } = config;
  const surface = new Surface(
    {
      clock: systemClock,
      who: origin,
      instance,
      snapshot: () => golden.snapshot(),
      kept: tracing?.kept,
      ledger: () => tracing?.ledger() ?? { ended: 0, delivered: 0, dropped: {}, queued: 0 },
      flags: flagClient,
      alertStates: () => standing(alerts),
      rollouts: shownRollouts(rollouts),
      drops: () => diagnostics.drops(),
      lines: () => processLog.counts,
      configuration: () => shownConfiguration(config),
      tell: (event, fields) => processLog.pair.own.warn(fields, event),
    },
    {
      access: admin,
      otlp: admin.otlp === true,
      routes: (access) => ({
        ...healthRoutes(access),
        '/metrics': { handle: metrics.handler },
        '/verdict': { handle: verdictHandler(judges(rollouts, config)) },
      }),
    },
  );
  const open = opener(surface, lifecycle);
  if (admin.port === undefined) {
    return {
      get handler() {
        open();
        return surface.handler;
      },
      port: Promise.resolve(undefined),
    };
  }
  const server = new AdminServer(surface.handler);
  lifecycle.started('admin port', () => server.close());
  open();
  return { handler: surface.handler, port: server.listen(admin.port, admin.host) };
}

/** The page says for how long, the engine since when. */
function standing(alerts: Alerts): AlertState[] {
  const nowMs = systemClock.now();
  return alerts.states().map((state) => ({ ...state, sinceMs: Math.max(0, nowMs - state.sinceMs) }));
}

/** Its history begins when there is a way to look at it: a port, or a handler that somebody has taken. */
function opener(surface: Surface, lifecycle: Lifecycle): () => void {
  let opened = false;
  return () => {
    if (opened) return;
    opened = true;
    surface.start();
    const { tap } = processLog;
    processLog.tap = (line, exchange) => {
      tap?.(line, exchange);
      surface.line(line);
    };
    lifecycle.started('admin', () => {
      processLog.tap = tap;
      surface.stop();
    });
  };
}
