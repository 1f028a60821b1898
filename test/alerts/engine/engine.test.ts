import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Engine } from '../../../src/alerts/engine/engine.js';
import { lint } from '../../../src/alerts/lint/lint.js';
import type { AlertRule } from '../../../src/alerts/rule.js';
import { diagnostics } from '../../../src/core/diagnostics.js';
import type { GoldenSignals, RouteSignals } from '../../../src/signals/golden-signals.js';
import { manualClock } from '../../../src/testing/manual-clock.js';
import { Watch } from '../harness.js';
import { errorsOf, NO_LATENCY, saturationOf, snapshotOf } from '../snapshot.js';

const action = 'roll back the last release';
const high: AlertRule = {
  ...{ name: 'High', severity: 'critical', signal: 'errors.ratio', fireAbove: 0.2, resolveBelow: 0.1, action },
};

beforeEach(() => void vi.spyOn(diagnostics, 'warn').mockReturnValue());
afterEach(() => vi.restoreAllMocks());

function route(name: string, ratio: number): RouteSignals {
  const errors = { ratio, count: 0, byType: {}, aborted: { beforeHeaders: 0, midResponse: 0 } };
  const latency = { ...NO_LATENCY, count: 1000 };
  return {
    method: 'GET',
    route: name,
    latency,
    firstByte: NO_LATENCY,
    traffic: { requestsPerSecond: 1, total: 1 },
    errors,
  };
}

describe('an engine', () => {
  function engine(snapshot: () => GoldenSignals, ...rules: AlertRule[]) {
    const clock = manualClock();
    const made = new Engine(clock, { snapshot });
    for (const rule of lint(rules).rules) made.add(rule);
    const evaluatedAfter = (ms: number) => {
      clock.advance(ms);
      return made.evaluate();
    };
    return { made, evaluatedAfter };
  }

  test('rules with one window share one snapshot', () => {
    const snapshot = vi.fn(() => snapshotOf());
    const { evaluatedAfter } = engine(snapshot, high, { ...high, name: 'B' }, { ...high, name: 'C', window: '30s' });
    evaluatedAfter(10_000);
    expect(snapshot.mock.calls).toEqual([[{ window: 60 }], [{ window: 30 }]]);
  });

  test('an evaluation that comes too late moves nothing, and its time is not counted', () => {
    const { made, evaluatedAfter } = engine(() => snapshotOf(errorsOf(0.5)), high);
    const state = () => made.all()[0]?.standing;
    evaluatedAfter(10_000);
    evaluatedAfter(10_000);
    expect(state()).toEqual({ state: 'pending', heldMs: 0 });
    evaluatedAfter(3_600_000);
    expect(state()).toEqual({ state: 'pending', heldMs: 0 });
    evaluatedAfter(25_000);
    expect(state()).toEqual({ state: 'pending', heldMs: 25_000 });
    evaluatedAfter(25_001);
    expect(state()).toEqual({ state: 'pending', heldMs: 25_000 });
  });

  test('a rule has at most 200 series; the others are counted and told', () => {
    const drop = vi.spyOn(diagnostics, 'drop');
    const routes = Array.from({ length: 250 }, (_, i) => route(`/${i}`, 0.5));
    const { made, evaluatedAfter } = engine(() => snapshotOf({ routes }), { ...high, signal: 'route.errors.ratio' });
    evaluatedAfter(10_000);
    evaluatedAfter(10_000);
    expect(made.all()).toHaveLength(200);
    expect(drop).toHaveBeenCalledTimes(50);
    expect(drop).toHaveBeenCalledWith('alerts', 'series_cap');
  });

  test('all rules together have at most 2000 series, and each has one', () => {
    const routes = Array.from({ length: 200 }, (_, i) => route(`/${i}`, 0.5));
    const perRoute = Array.from({ length: 12 }, (_, i): AlertRule => {
      return { ...high, name: `R${i}`, signal: 'route.errors.ratio', fireAbove: 0.2 + i / 100 };
    });
    const snapshot = () => snapshotOf({ ...errorsOf(0.5), routes });
    const { made, evaluatedAfter } = engine(snapshot, ...perRoute, { ...high, name: 'Last' });
    evaluatedAfter(10_000);
    evaluatedAfter(10_000);
    expect(made.all()).toHaveLength(2003);
    expect(made.all().at(-1)).toMatchObject({ rule: { name: 'Last' }, standing: { state: 'pending' } });
  });

  test('a series that is quiet and has not been heard of for an hour is forgotten, one that fires is not', () => {
    let routes = [route('/a', 0.5), route('/b', 0)];
    const { made, evaluatedAfter } = engine(() => snapshotOf({ routes }), { ...high, signal: 'route.errors.ratio' });
    for (let i = 0; i < 40; i++) evaluatedAfter(10_000);
    routes = [];
    for (let i = 0; i < 400; i++) evaluatedAfter(10_000);
    expect(made.all().map(({ key, standing }) => `${key} ${standing.state}`)).toEqual(['GET /a firing']);
  });

  test('a rule whose reading fails is reported, and the next one is evaluated', () => {
    const report = vi.spyOn(diagnostics, 'report').mockReturnValue();
    const broken = {
      get routes(): never {
        throw new Error('no routes');
      },
    };
    const { made, evaluatedAfter } = engine(
      () => Object.assign(Object.create(broken), errorsOf(0.5)),
      { ...high, name: 'Broken', signal: 'route.errors.ratio' },
      high,
    );
    evaluatedAfter(10_000);
    evaluatedAfter(10_000);
    expect(report).toHaveBeenCalledWith('alert rule "Broken"', expect.any(Error));
    expect(made.all().map(({ rule, standing }) => `${rule.name} ${standing.state}`)).toEqual(['High pending']);
  });
});

describe('what is told', () => {
  const raised: AlertRule = { ...high, name: 'Raised', severity: 'warning', fireAbove: 0.1, resolveBelow: 0.05 };

  test('a critical alert mutes the warning on its signal, and releases it when it resolves', async () => {
    const watch = new Watch([raised, high]);
    await watch.during(6, errorsOf(0.5));
    expect(watch.words).toEqual(['firing High']);
    expect(watch.alerts.states().map(({ name, muted }) => `${name} ${muted}`)).toEqual(['Raised true', 'High false']);
    await watch.during(10, errorsOf(0.08));
    expect(watch.words).toEqual(['firing High', 'resolved High', 'firing Raised']);
  });

  test('a rule named in inhibitedBy mutes, of whatever severity and signal it is', async () => {
    const full: AlertRule = { name: 'Full', severity: 'warning', signal: 'saturation', fireAbove: 0.9, action };
    const watch = new Watch([{ ...raised, inhibitedBy: ['Full'] }, full]);
    await watch.during(6, { ...errorsOf(0.5), ...saturationOf(0.95) });
    expect(watch.words).toEqual(['firing Full']);
  });

  test('trouble on one route does not mute another', async () => {
    const signal = 'route.errors.ratio';
    const watch = new Watch([
      { ...raised, signal },
      { ...high, signal },
    ]);
    await watch.during(6, { routes: [route('/a', 0.5), route('/b', 0.15)] });
    expect(watch.told.map(({ labels }) => `${labels['alertname']} ${labels['http_route']}`).sort()).toEqual([
      'High /a',
      'Raised /b',
    ]);
  });

  test('an alert says who, what and what to do; only what is true of one process names the instance', async () => {
    const full: AlertRule = {
      name: 'Full',
      severity: 'warning',
      signal: 'saturation',
      fireAbove: 0.9,
      owner: 'team-a',
      action,
    };
    const watch = new Watch([{ ...high, runbook: 'https://runbooks.example/high' }, full]);
    await watch.during(6, { ...errorsOf(0.1234 * 2), ...saturationOf(0.95) });
    const [first, second] = watch.told;
    expect(first).toMatchObject({
      labels: {
        alertname: 'High',
        severity: 'critical',
        service: 'checkout',
        environment: 'test',
        signal: 'errors.ratio',
      },
      annotations: {
        summary: 'errors.ratio is 24.7 %; it fires above 20 %',
        action,
        value: '24.7 %',
        runbook_url: 'https://runbooks.example/high',
      },
      status: 'firing',
      startsAtMs: watch.clock.now() - 50_000,
    });
    expect(first?.labels).not.toHaveProperty('instance');
    expect(second?.labels).toMatchObject({ instance: 'one', owner: 'team-a' });
  });

  test('what comes and goes is damped and labelled', async () => {
    const watch = new Watch([{ ...high, for: '20s', keepFiringFor: '20s' }]);
    for (let i = 0; i < 12; i++) {
      await watch.during(1, errorsOf(0.5));
      await watch.during(1, errorsOf(0));
    }
    const flags = watch.told.filter(({ status }) => status === 'firing').map(({ flapping }) => flapping);
    expect(flags).toEqual([false, false, false, false, true]);
    expect(watch.told).toHaveLength(9); // the fifth goes on: it is kept for minutes now
  });

  test('a rule that is replaced while it fires resolves', async () => {
    const watch = new Watch([high]);
    await watch.during(6, errorsOf(0.5));
    watch.alerts.add({ ...high, fireAbove: 0.9 });
    await watch.during(1, errorsOf(0.5));
    expect(watch.words).toEqual(['firing High', 'resolved High']);
  });
});
