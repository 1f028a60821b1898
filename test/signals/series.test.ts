import { describe, expect, test } from 'vitest';
import { SeriesRegistry } from '../../src/signals/series.js';
import { ended, type Facts } from '../support/exchanges.js';
import { dropsIn, hearing } from '../support/ledger.js';

const notices = hearing();

function registry() {
  const made = new SeriesRegistry();
  return {
    record: (facts: Partial<Facts>) => made.record(ended(facts)),
    all: () => made.all(),
    find: (route: string, method = 'GET') => made.all().find((one) => one.route === route && one.method === method),
    cumulative: () => made.all().reduce((sum, { durations }) => sum + durations.size, 0),
  };
}

function withRoutes(count: number) {
  const made = registry();
  for (let i = 0; i < count; i++) made.record({ route: `/r${i}` });
  return made;
}

describe('the cap of 200 routes', () => {
  test('two hundred routes have a series each, and nothing is dropped or told', () => {
    let made = registry();
    const dropped = dropsIn('series', 'route_cap', () => {
      made = withRoutes(200);
    });
    expect(made.all()).toHaveLength(200);
    expect(dropped).toBe(0);
    expect(notices).toEqual([]);
  });

  test('from the 201st on they share one series, and each exchange folded is counted', () => {
    const made = withRoutes(200);
    const dropped = dropsIn('series', 'route_cap', () => {
      for (let i = 200; i < 230; i++) made.record({ route: `/r${i}`, outcome: 'error', errorType: '500', status: 500 });
    });
    expect(dropped).toBe(30);
    expect(made.all()).toHaveLength(201);
    expect(made.find('_other')).toMatchObject({ total: 30, errors: 30 });
    expect(made.find('/r229')).toBeUndefined();
  });

  test('it is said once, with the route and what a route must be', () => {
    withRoutes(260);
    expect(notices).toHaveLength(1);
    expect(notices[0]?.message).toMatch(/more than 200 routes: "\/r200".*"_other".*template/);
  });

  test('routes that were known before the cap keep their series, for new methods as well', () => {
    const made = withRoutes(201);
    made.record({ route: '/r7' });
    made.record({ route: '/r7', method: 'POST' });
    expect(made.find('/r7')?.total).toBe(2);
    expect(made.find('/r7', 'POST')?.total).toBe(1);
  });

  test('a route counts once, however many methods it has', () => {
    const made = registry();
    for (let i = 0; i < 200; i++) {
      for (const method of ['GET', 'POST', 'PUT']) made.record({ route: `/r${i}`, method });
    }
    expect(made.find('_other')).toBeUndefined();
    expect(made.all()).toHaveLength(600);
  });

  test('what is folded is kept apart by method', () => {
    const made = withRoutes(200);
    made.record({ route: '/x', method: 'PUT' });
    made.record({ route: '/y', method: 'DELETE' });
    expect([made.find('_other', 'PUT')?.total, made.find('_other', 'DELETE')?.total]).toEqual([1, 1]);
  });

  test('a hundred thousand paths that no route matched are one series', () => {
    const made = registry();
    const dropped = dropsIn('series', 'route_cap', () => {
      for (let i = 0; i < 100_000; i++) made.record({ route: '_unmatched', path: `/wp-admin/${i}.php`, status: 404 });
    });
    expect(made.all()).toHaveLength(1);
    expect(made.cumulative()).toBe(1);
    expect(made.find('_unmatched')?.total).toBe(100_000);
    expect(dropped).toBe(0);
  });
});

describe('the cap of 1000 cumulative series', () => {
  test('beyond it an exchange is counted in its route, and as dropped from the export', () => {
    const made = registry();
    const dropped = dropsIn('series', 'status_cap', () => {
      for (let status = 200; status < 206; status++) {
        for (let i = 0; i < 200; i++) made.record({ route: `/r${i}`, status });
      }
    });
    expect(made.cumulative()).toBe(1000);
    expect(dropped).toBe(200);
    expect(made.find('/r199')?.total).toBe(6);
  });

  test('series that exist go on being counted', () => {
    const made = registry();
    for (let i = 0; i < 1100; i++) made.record({ status: 100 + i });
    expect(dropsIn('series', 'status_cap', () => made.record({ status: 100 }))).toBe(0);
    expect(made.find('/')?.durations.get(100)?.count).toBe(2);
  });
});

describe('durations since the start', () => {
  test('are kept by status, and by error type where no head was sent', () => {
    const made = registry();
    made.record({ status: 200, durationMs: 1500 });
    made.record({ status: 503, outcome: 'error', errorType: '503' });
    made.record({ status: 0, outcome: 'error', errorType: 'timeout' });
    made.record({ status: 0, outcome: 'error' });
    const durations = made.find('/')?.durations;
    expect([...(durations?.keys() ?? [])]).toEqual([200, 503, 'timeout', '_other']);
    expect(durations?.get(200)).toMatchObject({ count: 1, sum: 1.5 });
  });

  test('aborted exchanges are not in them, but counted by phase', () => {
    const made = registry();
    made.record({ outcome: 'aborted', abortPhase: 'mid_response' });
    made.record({ outcome: 'aborted', abortPhase: 'before_headers' });
    made.record({ outcome: 'aborted', abortPhase: 'before_headers' });
    expect(made.find('/')).toMatchObject({ total: 3, errors: 0, abortedMidResponse: 1, abortedBeforeHeaders: 2 });
    expect(made.cumulative()).toBe(0);
  });
});
