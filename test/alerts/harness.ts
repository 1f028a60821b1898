import { Alerts, type AlertsOptions } from '../../src/alerts/alerts.js';
import { Declared } from '../../src/alerts/declared.js';
import type { AlertRule } from '../../src/alerts/rule.js';
import type { Alert } from '../../src/alerts/sinks/alert.js';
import type { GoldenSignals } from '../../src/signals/golden-signals.js';
import { type ManualClock, manualClock } from '../../src/testing/manual-clock.js';
import { snapshotOf } from './snapshot.js';

const silent = { error: () => undefined, warn: () => undefined, info: () => undefined };

/** Alerts on a manual clock, a snapshot that tests set, and a list of what was told. */
export class Watch {
  readonly clock: ManualClock = manualClock();
  readonly told: Alert[] = [];
  readonly alerts: Alerts;
  snapshot: GoldenSignals = snapshotOf();

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
  async during(minutes: number, given: Partial<GoldenSignals>): Promise<void> {
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
