import { Alerts, type AlertsOptions } from '../../src/alerts/alerts.js';
import { Declared } from '../../src/alerts/declared.js';
import type { AlertSnapshot } from '../../src/alerts/readings/sources.js';
import type { AlertRule } from '../../src/alerts/rule.js';
import type { Alert } from '../../src/alerts/sinks/alert.js';
import type { Latency } from '../../src/signals/golden-signals.js';
import { type ManualClock, manualClock } from '../../src/testing/manual-clock.js';

export const NO_LATENCY: Latency = { count: 0, p50: null, p95: null, p99: null, max: null, mean: null };

/** A snapshot in which nothing happens, but for what is given. */
export function snapshotOf(given: Partial<AlertSnapshot> = {}): AlertSnapshot {
  return {
    windowSeconds: 60,
    latency: NO_LATENCY,
    firstByte: NO_LATENCY,
    traffic: { requestsPerSecond: 0, inFlight: 0, total: 0 },
    errors: { ratio: null, count: 0, byType: {}, aborted: { beforeHeaders: 0, midResponse: 0 } },
    saturation: { worst: null, ratio: null, resources: {} },
    routes: [],
    dependencies: {},
    ...given,
  };
}

export function errorsOf(ratio: number | null, requests = 1000): Partial<AlertSnapshot> {
  return {
    latency: { ...NO_LATENCY, count: requests },
    errors: { ratio, count: 0, byType: {}, aborted: { beforeHeaders: 0, midResponse: 0 } },
  };
}

export function saturationOf(ratio: number | null): Partial<AlertSnapshot> {
  const resources = ratio === null ? {} : { cpu: { ratio, readings: {} } };
  return { saturation: { worst: ratio === null ? null : 'cpu', ratio, resources } };
}

const silent = { error: () => undefined, warn: () => undefined, info: () => undefined };

/** Alerts on a manual clock, a snapshot that tests set, and a list of what was told. */
export class Watch {
  readonly clock: ManualClock = manualClock();
  readonly told: Alert[] = [];
  readonly alerts: Alerts;
  snapshot: AlertSnapshot = snapshotOf();

  constructor(rules: readonly AlertRule[], options: Partial<AlertsOptions> = {}) {
    this.alerts = new Alerts({
      clock: this.clock,
      origin: { service: 'checkout', environment: 'test', instance: 'one' },
      log: silent,
      snapshot: () => this.snapshot,
      rules,
      defaults: false,
      sinks: [(alert) => this.told.push(alert)],
      declared: new Declared(),
      ...options,
    });
    this.alerts.start();
    this.clock.advance(10_000); // the first evaluation only begins the time
  }

  /** The snapshot is this for so many minutes. */
  async during(minutes: number, given: Partial<AlertSnapshot>): Promise<void> {
    this.snapshot = snapshotOf(given);
    for (let i = 0; i < minutes * 6; i++) {
      this.clock.advance(10_000);
      await settled();
    }
  }

  /** What was told, in one word each: `firing High`. */
  get words(): string[] {
    return this.told.map(({ status, labels }) => `${status} ${labels['alertname']}`);
  }
}

/** Deliveries that wait for nothing outside of the process are done. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}
