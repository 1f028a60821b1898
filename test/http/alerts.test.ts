import { afterEach, describe, expect, test } from 'vitest';
import { alert, slo } from '../../src/alerts/declared.js';
import { signals } from '../../src/instance.js';
import { observing, stopAll } from './harness.js';

afterEach(stopAll);

const action = 'Roll back the last release.';

describe('observe()', () => {
  test('watches its own rules, those of the options and those that are declared, before it or after', () => {
    alert({ name: 'Before', severity: 'warning', signal: 'latency.p99', fireAbove: 1, action });
    const { observability } = observing({
      alerts: [{ name: 'Listed', severity: 'warning', signal: 'errors.ratio', fireAbove: 0.1, action }],
    });
    alert({ name: 'After', severity: 'warning', signal: 'traffic.inFlight', fireAbove: 500, action });
    expect(observability.alerts.findings().filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('tells of a rule that is wrong, and uses the others', () => {
    const { observability, lines } = observing({
      alerts: {
        defaults: false,
        rules: [
          { name: 'NoAction', severity: 'critical', signal: 'errors.ratio', fireAbove: 0.1 } as never,
          { name: 'Right', severity: 'warning', signal: 'errors.ratio', fireAbove: 0.1, action },
        ],
      },
    });
    const [finding] = observability.alerts.findings();
    expect(finding).toMatchObject({ rule: 'NoAction', level: 'error' });
    expect(lines()).toBeDefined();
  });

  test.each([
    [{ sinks: ['webhook:nowhere'] }, /alerts\.sinks: .*nowhere/],
    [{ sinks: ['pigeon:home'] }, /alerts\.sinks must be a list of log, webhook/],
    [{ rules: 'all' }, /alerts\.rules must be a list of alert rules/],
  ])('refuses %j before anything has started', (alerts, message) => {
    expect(() => observing({ alerts: alerts as never })).toThrow(message);
  });

  test('has the objectives in the snapshot', () => {
    slo({ name: 'checkout', objective: 0.999, action });
    observing();
    expect(signals.snapshot().objectives).toMatchObject([{ name: 'checkout', objective: 0.999, budgetLeft: null }]);
  });
});
