import type { Latency, RouteSignals } from '../signals/golden-signals.js';

/** Four digits are more than anybody reads, and a third of the bytes. */
export function brief(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(4));
}

/** Seconds; `null` under 20 samples. */
export interface Times {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

export function times({ count, p50, p95, p99, max }: Latency): Times {
  return { count, p50: brief(p50), p95: brief(p95), p99: brief(p99), max: brief(max) };
}

export interface RouteRow extends Times {
  readonly method: string;
  readonly route: string;
  readonly perSecond: number | null;
  readonly total: number;
  readonly errors: number;
  readonly errorRatio: number | null;
  readonly aborted: number;
}

export function routeRow({ method, route, latency, traffic, errors }: RouteSignals): RouteRow {
  return {
    method,
    route,
    ...times(latency),
    perSecond: brief(traffic.requestsPerSecond),
    total: traffic.total,
    errors: errors.count,
    errorRatio: brief(errors.ratio),
    aborted: errors.aborted.beforeHeaders + errors.aborted.midResponse,
  };
}
