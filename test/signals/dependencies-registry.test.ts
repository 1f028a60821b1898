import { describe, expect, test } from 'vitest';
import { Call } from '../../src/core/call.js';
import { cache, dependencies, dependency, queue } from '../../src/signals/dependencies.js';
import { DependencyCalls } from '../../src/signals/dependencies-calls.js';
import { DependencyRegistry } from '../../src/signals/dependencies-registry.js';
import { Signals } from '../../src/signals/signals.js';
import { manualClock } from '../../src/testing/manual-clock.js';
import { dropsIn, hearing } from '../support/ledger.js';

const notices = hearing();

function fresh() {
  const clock = manualClock();
  const registry = new DependencyRegistry(clock);
  const calls = new DependencyCalls(registry);
  /** One outgoing call, as `http/calls` reports it. */
  const call = (
    authority: string,
    facts: { status?: number; failure?: unknown; ms?: number; method?: string } = {},
  ) => {
    const made = new Call(facts.method ?? 'GET', 'http', authority, '/users/7?x=1', clock.monotonic());
    calls.start(made);
    clock.advance(facts.ms ?? 10);
    made.endedMs = clock.monotonic();
    made.status = facts.status ?? (facts.failure === undefined ? 200 : 0);
    made.failure = facts.failure;
    calls.end(made);
  };
  return { clock, registry, calls, call };
}

describe('outgoing calls', () => {
  test('feed the dependency of their peer without further code', () => {
    const { registry, call } = fresh();
    for (let i = 0; i < 20; i++) call('users:3000', { ms: 50 });
    call('[::1]:80', { ms: 5 });
    const { 'users:3000': users, '[::1]:80': other } = registry.signals();
    expect(users?.latency.p50).toBeCloseTo(0.05, 3);
    expect(users).toMatchObject({ traffic: { total: 20 }, errors: { ratio: 0 }, inFlight: 0 });
    expect(other?.latency.count).toBe(1);
  });

  test('that come to a 5xx or to nothing are errors; a 4xx is the answer to what was asked', () => {
    const { registry, call } = fresh();
    const refused = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
    call('users');
    call('users', { status: 404 });
    call('users', { status: 429 });
    call('users', { status: 503, method: 'POST' });
    call('users', { failure: refused });
    expect(registry.signals()['users']?.errors).toEqual({
      ratio: 0.4,
      count: 2,
      byType: { 503: 1, ECONNREFUSED: 1 },
      aborted: 0,
    });
    const [series] = registry.series();
    const kept = [...(series?.durations ?? [])].map(([method, outcomes]) => [method, [...outcomes.keys()]]);
    expect(kept).toEqual([
      ['GET', [200, 404, 429, 'ECONNREFUSED']],
      ['POST', [503]],
    ]);
  });

  test('that this process gave up say nothing of the peer', () => {
    const { registry, call } = fresh();
    call('users', { failure: new DOMException('gone', 'AbortError'), ms: 9_000 });
    expect(registry.signals()['users']).toMatchObject({
      latency: { count: 0 },
      errors: { ratio: null, aborted: 1 },
      inFlight: 0,
    });
    call('users', { failure: new DOMException('late', 'TimeoutError') });
    expect(registry.signals()['users']?.errors).toMatchObject({ ratio: 1, byType: { TimeoutError: 1 } });
  });

  test('are in flight between start and end', () => {
    const { registry, calls } = fresh();
    calls.start(new Call('GET', 'http', 'users', '/', 0));
    expect(registry.signals()['users']?.inFlight).toBe(1);
  });

  test('to a peer that was silent for a minute leave it out of the snapshot, and in the export', () => {
    const { clock, registry, call } = fresh();
    call('users');
    clock.advance(70_000);
    expect(registry.signals()).toEqual({});
    expect(registry.series().map(({ name, kind }) => [name, kind])).toEqual([['users', 'peer']]);
  });

  test('to ten thousand peers are kept in 101 series, counted, told of once, and nothing is lost', () => {
    const { registry, call } = fresh();
    const dropped = dropsIn('series', 'peer_cap', () => {
      for (let i = 0; i < 10_000; i++) call(`tenant-${i}.example:443`, { ms: 0 });
    });
    const series = registry.series();
    expect(series).toHaveLength(101);
    expect(dropped).toBe(2 * 9_900); // looked up at the start and at the end
    expect(series.reduce((sum, { total }) => sum + total, 0)).toBe(10_000);
    expect(series.at(-1)).toMatchObject({ name: '_other', total: 9_900, inFlight: 0 });
    expect(notices).toHaveLength(1);
  });
});

describe('names', () => {
  test('the same name is the same dependency, whether it is timed, cached or queued', () => {
    const { registry } = fresh();
    expect(registry.dependency('redis')).toBe(registry.dependency('redis'));
    expect(registry.cache('redis')).toBe(registry.cache('redis'));
    void registry.dependency('redis').time('get', () => 1);
    registry.cache('redis').hit();
    expect(registry.series()).toHaveLength(1);
    expect(registry.signals()['redis']).toMatchObject({ latency: { count: 1 }, hitRatio: 1 });
  });

  test('what was declared hides the peer of its name, so that no call is there twice', () => {
    const { registry, call } = fresh();
    void registry.dependency('users').time('get', () => 1);
    for (let i = 0; i < 3; i++) call('users');
    expect(registry.signals()['users']?.traffic.total).toBe(1);
  });

  test('a system that is given once stays', () => {
    const { registry } = fresh();
    registry.dependency('db', { system: 'postgresql' });
    registry.dependency('db');
    expect(registry.series()[0]?.system).toBe('postgresql');
  });

  test('the hundred-and-first is counted as _other, for who declares a name per tenant', () => {
    const { registry } = fresh();
    const dropped = dropsIn('series', 'declared_cap', () => {
      for (let i = 0; i < 150; i++) void registry.dependency(`tenant-${i}`).time('get', () => 1);
    });
    expect(dropped).toBe(50);
    expect(registry.series()).toHaveLength(101);
    expect(registry.series().at(-1)).toMatchObject({ name: '_other', total: 50 });
    expect(notices[0]?.message).toContain('more than 100 dependencies were declared: "tenant-100"');
  });

  test.each(['', 'x'.repeat(101), 7, undefined])('%j is refused', (name) => {
    const { registry } = fresh();
    expect(() => registry.dependency(name as string)).toThrow('dependency(name): the name must be a text of 1 to 100');
    expect(() => registry.cache(name as string)).toThrow('cache(name)');
    expect(() => registry.queue(name as string, () => 1)).toThrow('queue(name)');
  });

  test('a name that every object has is one like any other', () => {
    const { registry } = fresh();
    void registry.dependency('__proto__').time('constructor', () => 1);
    expect(Object.keys(registry.signals())).toEqual(['__proto__']);
  });
});

describe('caps', () => {
  test('operations beyond fifty and outcomes beyond twenty are counted as _other', () => {
    const { registry } = fresh();
    const db = registry.dependency('db');
    const folded = dropsIn('series', 'operation_cap', () => {
      for (let i = 0; i < 60; i++) void db.time(`select_${i}`, () => 1);
    });
    expect(folded).toBe(10);
    expect(registry.series()[0]?.durations.size).toBe(51);
    expect(registry.series()[0]?.durations.get('_other')?.get('ok')?.count).toBe(10);
    const outcomes = dropsIn('series', 'outcome_cap', () => {
      for (let i = 0; i < 25; i++) {
        const fail = () => {
          throw Object.assign(new Error('x'), { code: `E${i}` });
        };
        expect(() => db.time('select_0', fail)).toThrow();
      }
    });
    expect(outcomes).toBe(6); // `ok` is one of the twenty
    expect(registry.series()[0]?.durations.get('select_0')?.get('_other')?.count).toBe(6);
  });

  test('over all dependencies there are 1000 cumulative histograms; calls beyond are counted in all else', () => {
    const { registry } = fresh();
    const dropped = dropsIn('series', 'dependency_cap', () => {
      for (let i = 0; i < 30; i++) {
        for (let o = 0; o < 40; o++) void registry.dependency(`d${i}`).time(`o${o}`, () => 1);
      }
    });
    const series = registry.series();
    const kept = series.flatMap(({ durations }) => [...durations.values()]).reduce((sum, { size }) => sum + size, 0);
    expect(kept).toBe(1000);
    expect(dropped).toBe(200);
    expect(series.reduce((sum, { total }) => sum + total, 0)).toBe(1200);
  });
});

describe('a cache', () => {
  test('has a hit ratio over the window, none without a look-up, and counts since the start', () => {
    const { clock, registry } = fresh();
    const sessions = registry.cache('sessions');
    expect(registry.signals()['sessions']?.hitRatio).toBeNull();
    for (let i = 0; i < 3; i++) sessions.hit();
    sessions.miss();
    expect(registry.signals()['sessions']?.hitRatio).toBe(0.75);
    clock.advance(65_000);
    expect(registry.signals()['sessions']?.hitRatio).toBeNull();
    sessions.miss();
    expect(registry.signals()['sessions']?.hitRatio).toBe(0);
    expect(registry.series()[0]?.cache).toEqual({ hits: 3, misses: 2 });
  });

  test('that is none has no hit ratio at all', () => {
    const { registry } = fresh();
    void registry.dependency('db').time('get', () => 1);
    expect(registry.signals()['db']).not.toHaveProperty('hitRatio');
    expect(registry.signals()['db']).not.toHaveProperty('depth');
  });
});

test('the snapshot of the golden signals has them, over its own window', () => {
  const { clock, registry } = fresh();
  const signals = new Signals(clock, () => ({ worst: null, ratio: null, resources: {} }), {}, registry);
  void registry.dependency('db').time('get', () => clock.advance(100));
  clock.advance(25_000);
  void registry.dependency('db').time('get', () => clock.advance(200));
  expect(signals.snapshot().dependencies['db']?.latency).toMatchObject({ count: 2, max: 0.2 });
  expect(signals.snapshot({ window: 20 }).dependencies['db']?.latency).toMatchObject({ count: 1, max: 0.2 });
});

test('those of the process are shared by all copies, and there before observe()', () => {
  void dependency('shared-db').time('get', () => 1);
  cache('shared-cache').hit();
  queue('shared-queue', () => 3).remove();
  const slots = Reflect.get(globalThis, Symbol.for('fourlights.v1')) as Map<string, unknown>;
  expect(slots.get('dependencies')).toBe(dependencies);
  expect(dependencies.series().map(({ name }) => name)).toEqual(['shared-db', 'shared-cache', 'shared-queue']);
});
