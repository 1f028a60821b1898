import { type RouteRow, routeRow, type Times, times } from '../figures.js';
import type { History } from '../history.js';
import { type Light, lights } from '../lights.js';
import { readyMoment } from '../moment.js';
import { type AlertRow, alertRow, isShown } from './alerts.js';
import type { Resource, Stamped } from './resource.js';
import type { AdminSources } from './sources.js';

export interface Snapshot extends Stamped {
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  readonly instance: string;
  readonly pid: number;
  /** Seconds since the process began. */
  readonly uptime: number;
  /** What the figures cover, seconds. */
  readonly window: number;
  readonly lights: readonly Light[];
  readonly latency: Times;
  readonly traffic: { readonly perSecond: number; readonly inFlight: number; readonly total: number };
  readonly errors: {
    readonly count: number;
    readonly byType: Readonly<Record<string, number>>;
    readonly aborted: number;
  };
  /** Busiest first. */
  readonly routes: readonly RouteRow[];
  readonly alerts: readonly AlertRow[];
  /** Flags that somebody, or something, holds above their document. */
  readonly held: readonly { readonly key: string; readonly layer: string }[];
  /** Views that have something to show. */
  readonly has: { readonly traces: boolean; readonly alerts: boolean; readonly rollouts: boolean };
}

/** The first screen: four lights, and what stands behind them. */
export function snapshot(sources: AdminSources, { history }: { readonly history: History }): Resource {
  const ready = readyMoment(sources.clock, (at) => snapshotOf(sources, history, at));
  return { read: ready };
}

function snapshotOf(sources: AdminSources, history: History, at: number): Snapshot {
  const { who, instance, kept, alertStates, rollouts, flags } = sources;
  const signals = sources.snapshot();
  const { latency, traffic, errors } = signals;
  const alerts = alertStates?.() ?? [];
  return {
    at,
    ...who,
    instance,
    pid: process.pid,
    uptime: Math.round(process.uptime()),
    window: Math.round(signals.windowSeconds),
    lights: lights({ signals, usual: history.usual }, alerts),
    latency: times(latency),
    traffic: { perSecond: traffic.requestsPerSecond, inFlight: traffic.inFlight, total: traffic.total },
    errors: {
      count: errors.count,
      byType: errors.byType,
      aborted: errors.aborted.beforeHeaders + errors.aborted.midResponse,
    },
    routes: signals.routes.map(routeRow),
    alerts: alerts.filter(isShown).map((alert) => alertRow(alert, at)),
    held: flags.snapshot().flatMap(({ key, layer }) => (layer === undefined ? [] : [{ key, layer }])),
    has: { traces: kept !== undefined, alerts: alertStates !== undefined, rollouts: rollouts !== undefined },
  };
}
