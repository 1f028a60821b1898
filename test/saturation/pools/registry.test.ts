import { describe, expect, test } from 'vitest';
import { SaturationMonitor } from '../../../src/saturation/monitor.js';
import { poolKinds } from '../../../src/saturation/pools/pools.js';
import { PoolRegistry, pool, pools } from '../../../src/saturation/pools/registry.js';
import type { Probe } from '../../../src/saturation/probe.js';
import { manualClock } from '../../../src/testing/manual-clock.js';
import { dropsIn, hearing } from '../../support/ledger.js';

const notices = hearing();

const pgLike = (waitingCount = 0) => ({ totalCount: 2, idleCount: 0, waitingCount, options: { max: 2 } });

function watching() {
  const declared = new Map<string, Probe>();
  const clock = manualClock();
  const monitor = new SaturationMonitor({ clock, probes: [], intervalMs: 1_000, declared });
  monitor.start();
  return { registry: new PoolRegistry(declared), monitor, tick: () => clock.advance(1_000) };
}

describe('a watched pool', () => {
  test('is a resource of the saturation, above 1 when callers queue', () => {
    const { registry, monitor, tick } = watching();
    registry.add('orders-db', pgLike(3));
    tick();
    expect(monitor.read()).toEqual({
      worst: 'pool:orders-db',
      ratio: 2.5,
      resources: {
        'pool:orders-db': { ratio: 2.5, readings: { used_count: 2, idle_count: 0, waiting_count: 3, max_count: 2 } },
      },
    });
    expect(registry.all()).toEqual([{ name: 'orders-db', kind: 'pg', used: 2, idle: 0, waiting: 3, max: 2 }]);
  });

  test('is no resource any more once it is removed, and removing twice does nothing', () => {
    const { registry, monitor, tick } = watching();
    const handle = registry.add('orders-db', pgLike());
    handle.remove();
    handle.remove();
    tick();
    expect(monitor.read().resources).toEqual({});
    expect(registry.all()).toEqual([]);
  });

  test('gives way to a newer one of its name, whose watch the older handle does not end', () => {
    const { registry, monitor, tick } = watching();
    const older = registry.add('orders-db', pgLike());
    registry.add('orders-db', pgLike(8));
    older.remove();
    tick();
    expect(monitor.read().ratio).toBe(5);
  });

  test('that is given again has the same handle', () => {
    const { registry } = watching();
    const one = pgLike();
    expect(registry.add('a', one)).toBe(registry.add('a', one));
  });

  test('whose fields are gone is told of once and left out, and the others stay', () => {
    const { registry, monitor, tick } = watching();
    const broken: { waitingCount?: number } = pgLike();
    registry.add('broken', broken);
    registry.add('sound', pgLike());
    delete broken.waitingCount;
    expect(registry.all().map(({ name }) => name)).toEqual(['sound']);
    tick();
    tick();
    expect(Object.keys(monitor.read().resources)).toEqual(['pool:sound']);
    expect(notices.map(({ message }) => message)).toEqual([
      'saturation probe "pool:broken" is left out: waitingCount of the pool is no count any more',
    ]);
  });

  test('is not kept alive by its watch', async () => {
    const { registry, monitor, tick } = watching();
    const gone = new FinalizationRegistry<string>(() => undefined);
    (() => {
      const short = pgLike();
      gone.register(short, 'short');
      registry.add('short', short);
    })();
    const { setFlagsFromString } = await import('node:v8');
    setFlagsFromString('--expose-gc');
    const collect = (await import('node:vm')).runInNewContext('gc') as () => void;
    await expect
      .poll(() => {
        collect();
        return registry.all();
      })
      .toEqual([]);
    tick();
    expect(monitor.read().resources).toEqual({});
  });
});

describe('at most 50 pools', () => {
  test('are watched; one more is told of, counted, and hurts nobody', () => {
    const { registry } = watching();
    const all = Array.from({ length: 50 }, () => pgLike());
    for (const [i, each] of all.entries()) registry.add(`p${i}`, each);
    let handle = { remove: (): void => expect.fail('not made') };
    const dropped = dropsIn('saturation', 'pool_cap', () => {
      handle = registry.add('p50', pgLike());
    });
    handle.remove();
    expect(dropped).toBe(1);
    expect(registry.all()).toHaveLength(50);
    expect(notices[0]?.message).toMatch(/more than 50 pools: "p50".*remove\(\)/);
  });

  test('one that is removed makes room', () => {
    const { registry } = watching();
    const all = Array.from({ length: 51 }, () => pgLike());
    const handles = all.slice(0, 50).map((each, i) => registry.add(`p${i}`, each));
    handles[7]?.remove();
    registry.add('p50', all[50] ?? pgLike());
    expect(registry.all().map(({ name }) => name)).toContain('p50');
  });
});

describe('what is no pool', () => {
  test.each([
    ['a bare object', {}, 'an object'],
    ['a connection', { query: () => undefined }, 'an object'],
    ['a Map', new Map(), 'a Map'],
    ['a function', () => undefined, 'a function'],
    ['null', null, 'null'],
    ['a text', 'postgres://', 'postgres://'],
    ['counts that are none', { totalCount: '2', idleCount: Number.NaN, waitingCount: -1 }, 'an object'],
    ['an object without a prototype', Object.create(null), 'an object'],
  ])('as %s is refused, and what is known is named', (_, value, called) => {
    const { registry } = watching();
    const add = () => registry.add('x', value as object);
    expect(add).toThrow(TypeError);
    expect(add).toThrow(`pool("x", pool): got ${called}`);
    for (const { title } of Object.values(poolKinds)) expect(add).toThrow(title);
  });

  test.each(['', 'x'.repeat(101), 7])('has a name such as %j refused', (name) => {
    expect(() => watching().registry.add(name as string, pgLike())).toThrow('1 to 100 characters');
  });
});

test('the pools of the process are shared by all copies and there before observe()', () => {
  const one = pgLike(1);
  const handle = pool('shared', one);
  expect(pools()).toEqual([{ name: 'shared', kind: 'pg', used: 2, idle: 0, waiting: 1, max: 2 }]);
  const slots = Reflect.get(globalThis, Symbol.for('fourlights.v1')) as Map<string, unknown>;
  expect(slots.get('saturation.pools')).toBeInstanceOf(PoolRegistry);
  handle.remove();
  expect(pools()).toEqual([]);
});
