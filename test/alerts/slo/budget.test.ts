import { describe, expect, test } from 'vitest';
import type { Objective } from '../../../src/alerts/objective.js';
import { Budget } from '../../../src/alerts/slo/budget.js';
import { objectiveFindings } from '../../../src/alerts/slo/check.js';
import { countsOf } from '../../../src/alerts/slo/counts.js';
import { Ledger } from '../../../src/alerts/slo/ledger.js';
import { objectiveRules } from '../../../src/alerts/slo/objective-rules.js';
import { BusinessMetrics } from '../../../src/signals/business-registry.js';
import { CumulativeHistogram } from '../../../src/signals/cumulative.js';
import { DependencySeries } from '../../../src/signals/dependencies-series.js';
import { RouteSeries } from '../../../src/signals/series.js';
import { manualClock } from '../../../src/testing/manual-clock.js';
import { settled, Watch } from '../harness.js';
import { snapshotOf } from '../snapshot.js';

const action = 'roll back the last release';
const cart: Objective = { name: 'cart', objective: 0.999, action };
const HOUR = 3600;

/** A service of so many requests a second, of which a share fails, sampled every ten seconds. */
class Service {
  readonly series = new RouteSeries('GET', '/cart');
  readonly budget: Budget;
  #nowMs = 0;

  constructor(objective: Objective = cart) {
    this.budget = new Budget(objective, { snapshot: () => snapshotOf(), requests: () => [this.series] });
    this.budget.sample(0);
  }

  runs(seconds: number, failing: number, perSecond = 10): this {
    for (let i = 0; i < seconds / 10; i++) {
      this.#nowMs += 10_000;
      this.series.total += perSecond * 10;
      this.series.errors += perSecond * 10 * failing;
      this.budget.sample(this.#nowMs);
    }
    return this;
  }

  /** As multiples of what is allowed: above 1 it fires. */
  get burns(): [critical: number | null, warning: number | null] {
    const round = (value: number | null): number | null => (value === null ? null : Number(value.toFixed(2)));
    return [round(this.budget.burn('critical')), round(this.budget.burn('warning'))];
  }
}

describe('burn rates, of 99.9 %', () => {
  test('2 % of errors for an hour is 20 times too much: critical', () => {
    expect(new Service().runs(24 * HOUR, 0).runs(HOUR, 0.02).burns[0]).toBeGreaterThan(1);
  });

  test('half a per cent for a day is 5 times too much: a warning and not critical', () => {
    const [critical, warning] = new Service().runs(30 * HOUR, 0.005).burns;
    expect(critical).toBeLessThan(1);
    expect(warning).toBeGreaterThan(1);
  });

  test('what is within the budget burns less than 1, for ever', () => {
    const [critical, warning] = new Service().runs(80 * HOUR, 0.0009).burns;
    expect(critical).toBeLessThan(0.2);
    expect(warning).toBeLessThan(1);
  });

  test('it is over soon after the errors are: the short window says so', () => {
    const service = new Service().runs(24 * HOUR, 0).runs(HOUR, 0.02);
    expect(service.burns[0]).toBeGreaterThan(1);
    expect(service.runs(360, 0).burns[0]).toBeLessThan(1);
  });

  test('one error on a service with two requests a minute is no fire', () => {
    const service = new Service().runs(HOUR, 0, 1 / 30);
    service.series.errors += 1;
    expect(service.runs(60, 0, 1 / 30).burns).toEqual([null, null]);
  });

  test('in a young process a pair of days is not one of minutes', () => {
    const service = new Service().runs(1800, 0.005);
    expect(service.burns[1]).toBeLessThan(0.1); // in all of a day, so far, 1/48 of it
    expect(new Service().runs(180, 1).burns[0]).toBeGreaterThan(1); // all that fails is seen at once all the same
  });
});

describe('the state of a budget', () => {
  test('says what is left, and how much time it knows', () => {
    const { budget } = new Service().runs(2 * HOUR, 0.0005);
    const state = budget.state();
    expect(state).toMatchObject({
      ...{ name: 'cart', objective: 0.999, periodSeconds: 30 * 24 * HOUR, coveredSeconds: 2 * HOUR, total: 72_000 },
    });
    expect(state.budgetLeft).toBeCloseTo(0.5);
    expect(state.burns).toHaveLength(4);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });

  test('is overdrawn below 0, and unknown where nothing was counted', () => {
    expect(new Service().runs(HOUR, 0.01).budget.state().budgetLeft).toBeCloseTo(-9);
    expect(new Service().budget.state().budgetLeft).toBeNull();
  });

  test('forgets what is older than its period', () => {
    const service = new Service({ ...cart, period: '7d' }).runs(HOUR, 0.5).runs(8 * 24 * HOUR, 0);
    const state = service.budget.state();
    expect(state.bad).toBe(0);
    expect(state.coveredSeconds).toBeGreaterThanOrEqual(7 * 24 * HOUR);
    expect(state.coveredSeconds).toBeLessThanOrEqual(7 * 24 * HOUR + HOUR);
  });
});

describe('a ledger', () => {
  test('goes on where totals begin anew', () => {
    const ledger = new Ledger(30 * 24 * HOUR);
    ledger.add(0, { ended: 100, bad: 10 });
    ledger.add(60_000, { ended: 200, bad: 20 });
    ledger.add(120_000, { ended: 50, bad: 5 });
    expect(ledger.over(HOUR)).toEqual({ seconds: 120, ended: 150, bad: 15 });
  });

  test('covers a window to the minute up to six hours, to the hour beyond', () => {
    const ledger = new Ledger(30 * 24 * HOUR);
    for (let second = 0; second <= 4 * 24 * HOUR; second += 10) ledger.add(second * 1000, { ended: second, bad: 0 });
    for (const seconds of [300, 1800, 3600, 7200, 6 * HOUR]) {
      expect(ledger.over(seconds).seconds).toBeGreaterThanOrEqual(seconds);
      expect(ledger.over(seconds).seconds).toBeLessThanOrEqual(seconds + 60);
    }
    for (const seconds of [24 * HOUR, 72 * HOUR]) {
      const { seconds: covered, ended } = ledger.over(seconds);
      expect(covered).toBeGreaterThanOrEqual(seconds);
      expect(covered).toBeLessThanOrEqual(seconds + HOUR);
      expect(ended).toBe(covered);
    }
  });

  test('a long gap is one: nothing is made up for it', () => {
    const ledger = new Ledger(30 * 24 * HOUR);
    ledger.add(0, { ended: 0, bad: 0 });
    ledger.add(10 * HOUR * 1000, { ended: 1000, bad: 1 });
    expect(ledger.over(300)).toEqual({ seconds: 10 * HOUR, ended: 1000, bad: 1 });
  });
});

describe('what counts', () => {
  const [a, b] = [new RouteSeries('GET', '/a'), new RouteSeries('POST', '/a')];
  Object.assign(a, { total: 100, errors: 5, abortedBeforeHeaders: 10 });
  Object.assign(b, { total: 50, errors: 1 });
  const durations = new CumulativeHistogram([0.1, 0.5, 1]);
  for (const seconds of [0.05, 0.5, 0.6, 2]) durations.record(seconds);
  a.durations.set(200, durations);
  const metrics = new BusinessMetrics(manualClock());
  metrics.counter('paid', { unit: '{order}', action }).add(90);
  metrics.counter('refused', { unit: '{order}', action }).add(10);
  const postgres = new DependencySeries('postgres', 'declared', { left: 9, boundaries: [1] });
  Object.assign(postgres, { total: 30, aborted: 5, errors: 2 });
  const sources = {
    snapshot: () => snapshotOf(),
    requests: () => [a, b],
    dependencies: () => [postgres],
    business: () => metrics.declarations(),
  };

  test('of requests: those that ended; bad are those that failed', () => {
    expect(countsOf(undefined, sources)).toEqual({ ended: 140, bad: 6 });
    expect(countsOf({ of: 'requests', route: 'GET /a' }, sources)).toEqual({ ended: 90, bad: 5 });
    expect(countsOf({ of: 'requests', route: '/a' }, sources)).toEqual({ ended: 140, bad: 6 });
  });

  test('of their time: those above the boundary, or above the one below where there is none', () => {
    expect(countsOf({ of: 'requests', slowerThan: 0.5 }, sources)).toEqual({ ended: 4, bad: 2 });
    expect(countsOf({ of: 'requests', slowerThan: 0.7 }, sources)).toEqual({ ended: 4, bad: 2 });
    expect(countsOf({ of: 'requests', slowerThan: 0.2 }, sources)).toEqual({ ended: 4, bad: 3 });
  });

  test('of a dependency, and of two counters', () => {
    expect(countsOf({ of: 'dependency', name: 'postgres' }, sources)).toEqual({ ended: 25, bad: 2 });
    expect(countsOf({ of: 'counters', bad: 'refused', total: 'paid' }, sources)).toEqual({ ended: 90, bad: 10 });
    expect(countsOf({ of: 'counters', bad: 'unknown', total: 'paid' }, sources)).toBeUndefined();
  });
});

describe('an objective is checked', () => {
  test.each<[object, string]>([
    [{ name: 'a b' }, "write name: 'checkout_availability'"],
    [{ objective: 99.9 }, 'objective must be a share above 0 and below 1, got 99.9: write objective: 0.999 for 99.9 %'],
    [{ period: '1y' }, "period must be '1h' to '90d', got \"1y\": write period: '30d'"],
    [{ action: 'page' }, 'an action is missing'],
    [{ peroid: '7d' }, 'unknown key "peroid": write period; known: name, objective, period'],
    [{ sli: { of: 'requests', slowerthan: 1 } }, 'sli: unknown key "slowerthan": write slowerThan'],
    [{ sli: { of: 'users' } }, "sli must be one of { of: 'requests', route?, slowerThan? }"],
  ])('%j', (change, message) => {
    expect(objectiveFindings({ ...cart, ...change })).toMatchObject([
      { level: 'error', message: expect.stringContaining(message) },
    ]);
  });

  test('a good one has no findings, whatever it counts', () => {
    expect(objectiveFindings(cart)).toEqual([]);
    expect(objectiveFindings({ ...cart, sli: { of: 'requests', slowerThan: 0.5 } })).toEqual([]);
    expect(objectiveFindings(undefined)).toMatchObject([{ level: 'error' }]);
  });

  test('pairs that can never fire are left out and told', () => {
    expect(objectiveFindings({ ...cart, objective: 0.9 })).toMatchObject([
      { level: 'warning', code: 'dead-pair', message: expect.stringContaining('burn rates 14.4 are left out') },
    ]);
    expect(objectiveRules({ ...cart, objective: 0.5, period: '1h' })).toEqual([]);
  });
});

/** After twenty minutes in which six of ten requests have failed. */
async function burning(): Promise<Watch> {
  const series = new RouteSeries('GET', '/cart');
  const watch = new Watch([], { requests: () => [series], objectives: [cart] });
  for (let i = 0; i < 120; i++) {
    series.total += 100;
    series.errors += 60;
    watch.clock.advance(10_000);
    await settled();
  }
  expect(watch.words).toEqual(['firing cart_fast_burn']);
  return watch;
}

test('a burning budget fires, fast mutes slow, and the budget is there to be read', async () => {
  const watch = await burning();
  expect(watch.words).toEqual(['firing cart_fast_burn']);
  expect(watch.told[0]?.labels).toMatchObject({ slo: 'cart', severity: 'critical' });
  expect(watch.alerts.budgets()).toMatchObject([{ name: 'cart', total: 12_000 }]);
});

describe('an objective that is declared again while its budget burns', () => {
  const names = ({ alerts }: Watch) => alerts.states().map(({ name }) => name);

  test.each<[string, Partial<Objective>, string[]]>([
    ['without a burn rate of that severity', { objective: 0.8 }, ['cart_slow_burn']],
    ['without any', { objective: 0.5, period: '1h' }, []],
    ['otherwise', { objective: 0.99 }, ['cart_fast_burn', 'cart_slow_burn']],
  ])('%s has its alert resolved and told, once', async (_name, change, left) => {
    const watch = await burning();
    watch.alerts.addObjective({ ...cart, ...change });
    await watch.during(2, {});
    expect(watch.words).toEqual(['firing cart_fast_burn', 'resolved cart_fast_burn']);
    expect(names(watch)).toEqual(left);
    expect(watch.alerts.states().filter(({ state }) => state !== 'inactive')).toEqual([]);
  });

  test('leaves an alert alone that has been declared under the name of its burn rate', async () => {
    const watch = await burning();
    watch.alerts.add({ name: 'cart_fast_burn', severity: 'warning', signal: 'saturation', fireAbove: 0.9, action });
    watch.alerts.addObjective({ ...cart, objective: 0.5, period: '1h' });
    await watch.during(2, {});
    expect(names(watch)).toEqual(['cart_fast_burn']);
  });
});
