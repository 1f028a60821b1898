import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Alerts } from '../../src/alerts/alerts.js';
import { alert, Declared, declared, slo } from '../../src/alerts/declared.js';
import { defaultRules } from '../../src/alerts/defaults.js';
import { lint } from '../../src/alerts/lint/lint.js';
import type { AlertRule } from '../../src/alerts/rule.js';
import { diagnostics } from '../../src/core/diagnostics.js';
import { manualClock } from '../../src/testing/manual-clock.js';
import { Watch } from './harness.js';
import { errorsOf, NO_LATENCY, saturationOf, snapshotOf } from './snapshot.js';

const action = 'roll back the last release';
const high: AlertRule = { name: 'High', severity: 'warning', signal: 'errors.ratio', fireAbove: 0.2, action };

let warn: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  warn = vi.spyOn(diagnostics, 'warn').mockReturnValue();
});
afterEach(() => vi.restoreAllMocks());

describe('the rules that come with the library', () => {
  test('have no findings but that nobody has written their runbook', () => {
    const { rules, findings } = lint(defaultRules);
    expect(rules).toHaveLength(6);
    expect(findings.map(({ rule, code }) => `${rule} ${code}`)).toEqual([
      'HighErrorRatio no-runbook',
      'SlowResponses no-runbook',
    ]);
  });

  test('run by themselves, are not complained about, and can be turned off', async () => {
    const bad = { ...errorsOf(0.2), ...saturationOf(0.95) };
    const watch = new Watch([], { defaults: true });
    await watch.during(6, { ...bad, latency: { ...NO_LATENCY, count: 1000, p99: 9 } });
    expect(watch.words).toEqual(['firing HighErrorRatio', 'firing SlowResponses', 'firing SaturationHigh']);
    expect(watch.alerts.findings()).toEqual([]);
    const without = new Watch([], { defaults: false });
    await without.during(6, bad);
    expect(without.words).toEqual([]);
  });

  test('give way to one of the same name', async () => {
    const watch = new Watch([{ ...high, name: 'HighErrorRatio', fireAbove: 0.5 }], { defaults: true });
    await watch.during(6, errorsOf(0.3));
    expect(watch.words).toEqual([]);
    expect(watch.alerts.findings()).toEqual([]);
  });

  test('tell of traffic that stops, and of telemetry that is lost', async () => {
    let total = 0;
    const drops = { spans: { queue_full: 0 } };
    const watch = new Watch([], { defaults: true, drops: () => drops });
    const traffic = () => ({ traffic: { requestsPerSecond: 0, inFlight: 0, total } });
    for (let i = 0; i < 30; i++) {
      total += 600;
      await watch.during(1, traffic());
    }
    expect(watch.words).toEqual([]);
    drops.spans.queue_full = 7;
    await watch.during(10, traffic());
    expect(watch.words).toEqual(['firing TelemetryLoss', 'firing TrafficStopped']);
  });
});

test('a bad rule is told and left out, and the others run', async () => {
  const bad = { ...high, name: 'Bad', action: '' };
  const watch = new Watch([bad, high]);
  await watch.during(6, errorsOf(0.5));
  expect(watch.words).toEqual(['firing High']);
  expect(watch.alerts.findings()).toMatchObject([{ rule: 'Bad', code: 'action', level: 'error' }]);
  expect(warn).toHaveBeenCalledWith(
    'alert rule Bad action',
    expect.stringMatching(/an action is missing.*; it is not used$/),
  );
});

test('states are plain data with what somebody needs to act', async () => {
  const watch = new Watch([high]);
  await watch.during(1, errorsOf(0.5));
  const [state] = watch.alerts.states();
  expect(state).toEqual({
    ...{ name: 'High', severity: 'warning', key: '', labels: {}, state: 'pending', value: 0.5, muted: false },
    ...{ flapping: false, action, sinceMs: watch.clock.now() - 50_000 },
    ...{ signal: 'errors.ratio', condition: `above ${(high.fireAbove ?? 0) * 100} %` },
  });
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
});

test('what has resolved is shown as such for five minutes', async () => {
  const watch = new Watch([{ ...high, keepFiringFor: '1m' }]);
  const state = () => watch.alerts.states()[0]?.state;
  await watch.during(6, errorsOf(0.5));
  await watch.during(1, errorsOf(0));
  expect(state()).toBe('recovering');
  await watch.during(5, errorsOf(0));
  expect(state()).toBe('resolved');
  await watch.during(1, errorsOf(0));
  expect(state()).toBe('inactive');
});

test('a sink that throws is counted, and the others are told', async () => {
  const told: string[] = [];
  const sinks = [
    () => {
      throw new Error('pager is broken');
    },
    () => told.push('told'),
  ];
  const watch = new Watch([high], { sinks });
  await watch.during(6, errorsOf(0.5));
  expect(told).toEqual(['told']);
  expect(watch.alerts.deliveries()).toEqual([
    { sink: 'callback', taken: 1, delivered: 0, lost: 1, waiting: 0 },
    { sink: 'callback', taken: 1, delivered: 1, lost: 0, waiting: 0 },
  ]);
  expect(warn).toHaveBeenCalledWith('alerts sink callback', 'an alert did not reach callback: pager is broken');
});

test('a snapshot that throws is reported and ends nothing', async () => {
  const report = vi.spyOn(diagnostics, 'report').mockReturnValue();
  let broken = true;
  const watch = new Watch([high], {
    snapshot: () => {
      if (broken) throw new Error('no snapshot');
      return snapshotOf(errorsOf(0.5));
    },
  });
  await watch.during(1, {});
  expect(report).toHaveBeenCalled();
  broken = false;
  await watch.during(6, {});
  expect(watch.words).toEqual(['firing High']);
});

test('an unknown sink throws when it is built', () => {
  expect(() => new Watch([], { sinks: ['pager' as 'log'] })).toThrow('unknown alerts sink "pager"');
});

describe('what is declared', () => {
  const silent = { error: () => undefined, warn: () => undefined, info: () => undefined };

  function started(own = new Declared()) {
    const clock = manualClock();
    const options = { clock, origin: { service: 's' }, log: silent, snapshot: () => snapshotOf(errorsOf(0.5)) };
    const alerts = new Alerts({ ...options, defaults: false, sinks: [], declared: own });
    alerts.start();
    clock.advance(30_000);
    return { alerts, clock };
  }

  test('before the start and after it is watched; the same name takes the place of the former', () => {
    const own = new Declared();
    own.rule(high);
    own.rule({ ...high, fireAbove: 0.9 });
    const { alerts, clock } = started(own);
    expect(alerts.states().map(({ name, state }) => `${name} ${state}`)).toEqual(['High inactive']);
    own.rule({ ...high, name: 'Later' });
    clock.advance(20_000);
    expect(alerts.states().map(({ name, state }) => `${name} ${state}`)).toEqual(['High inactive', 'Later pending']);
  });

  test('nothing is handed over after the stop, and all of it to the next that starts', async () => {
    const own = new Declared();
    const { alerts } = started(own);
    await alerts.stop(10);
    own.rule(high);
    expect(alerts.states()).toEqual([]);
    expect(started(own).alerts.states()).toHaveLength(1);
  });

  test('what is wrong does not throw, not even what is no rule at all', () => {
    const own = new Declared();
    own.rule(undefined as unknown as AlertRule);
    own.rule({ ...high, name: 'Bad', action: '' });
    own.rule(high);
    const { alerts } = started(own);
    expect(alerts.states()).toHaveLength(1);
    expect(alerts.findings()).toHaveLength(2);
  });

  test('alert() and slo() are of the whole process', () => {
    alert({ ...high, name: 'OfProcess' });
    slo({ name: 'of_process', objective: 0.99, action });
    expect(declared.rules().map(({ name }) => name)).toContain('OfProcess');
    expect(declared.objectives().map(({ name }) => name)).toContain('of_process');
  });

  test('more than 500 are too many, and told', () => {
    const own = new Declared();
    for (let i = 0; i < 501; i++) own.rule({ ...high, name: `R${i}` });
    expect(own.rules()).toHaveLength(500);
    expect(warn).toHaveBeenCalledWith('alerts declared', expect.stringContaining('more than 500'));
  });
});

test('a stop tells what waits, and evaluates no more', async () => {
  const watch = new Watch([high]);
  await watch.during(6, errorsOf(0.5));
  await watch.alerts.stop(1000);
  await watch.during(60, errorsOf(0));
  expect(watch.words).toEqual(['firing High']);
});
