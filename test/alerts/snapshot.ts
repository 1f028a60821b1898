import type { GoldenSignals, Latency } from '../../src/signals/golden-signals.js';

export const NO_LATENCY: Latency = { count: 0, p50: null, p95: null, p99: null, max: null, mean: null };

/** A snapshot in which nothing happens, but for what is given. */
export function snapshotOf(given: Partial<GoldenSignals> = {}): GoldenSignals {
  return {
    windowSeconds: 60,
    latency: NO_LATENCY,
    firstByte: NO_LATENCY,
    traffic: { requestsPerSecond: 0, inFlight: 0, total: 0 },
    errors: { ratio: null, count: 0, byType: {}, aborted: { beforeHeaders: 0, midResponse: 0 } },
    saturation: { worst: null, ratio: null, resources: {} },
    routes: [],
    dependencies: {},
    variants: {},
    objectives: [],
    ...given,
  };
}

export function errorsOf(ratio: number | null, requests = 1000): Partial<GoldenSignals> {
  return {
    latency: { ...NO_LATENCY, count: requests },
    errors: { ratio, count: 0, byType: {}, aborted: { beforeHeaders: 0, midResponse: 0 } },
  };
}

export function saturationOf(ratio: number | null): Partial<GoldenSignals> {
  const resources = ratio === null ? {} : { cpu: { ratio, readings: {} } };
  return { saturation: { worst: ratio === null ? null : 'cpu', ratio, resources } };
}
