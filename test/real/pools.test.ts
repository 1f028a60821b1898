import { Redis } from 'ioredis';
import knexOf from 'knex';
import { createPool } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SaturationMonitor } from '../../src/saturation/monitor.js';
import { PoolRegistry } from '../../src/saturation/pools/registry.js';
import type { Probe } from '../../src/saturation/probe.js';
import { DependencyRegistry } from '../../src/signals/dependencies-registry.js';
import { manualClock } from '../../src/testing/manual-clock.js';
import { Pool } from '../support/pg.js';
import { hasMariadb, mariadb } from './mariadb.js';
import { hasPostgres, postgres } from './postgres.js';
import { hasRedis, redis } from './redis.js';
import type { Running } from './servers.js';

const CLIENTS = 20;

/** Saturation and pools of their own; each `look` is a tick of the monitor. */
function watching() {
  const clock = manualClock();
  const declared = new Map<string, Probe>();
  const registry = new PoolRegistry(declared);
  const monitor = new SaturationMonitor({ clock, probes: ['heap'], intervalMs: 1_000, declared });
  monitor.start();
  const look = () => {
    clock.advance(1_000);
    return monitor.read();
  };
  return { registry, look };
}

if (!hasPostgres) console.warn('PostgreSQL is not installed: its tests do not run (apt-get install postgresql)');

describe.runIf(hasPostgres)('a real PostgreSQL', () => {
  let server: Running;
  beforeAll(async () => {
    server = await postgres();
  });
  afterAll(() => server?.stop());
  const connection = () => ({ host: '127.0.0.1', port: server.port, user: 'test', database: 'postgres' });

  test('behind a pg Pool of 2 under 20 clients is saturated, with 18 that wait, and is not when they are gone', async () => {
    const pool = new Pool({ ...connection(), max: 2 });
    const { registry, look } = watching();
    const dependencies = new DependencyRegistry(manualClock());
    registry.add('orders-db', pool);
    const orders = dependencies.dependency('orders-db', { system: 'postgresql' });
    const select = () => orders.time('select_sleep', () => pool.query('select pg_sleep(0.1), pg_backend_pid() as pid'));
    const clients = Array.from({ length: CLIENTS }, select);
    await expect.poll(() => pool.totalCount).toBe(2);
    const { worst, ratio, resources } = look();
    const { readings } = resources['pool:orders-db'] ?? {};
    console.info(`pg Pool of 2, 20 clients: ratio ${ratio}, ${JSON.stringify(readings)}`);
    expect(worst).toBe('pool:orders-db');
    expect(readings).toEqual({ used_count: 2, idle_count: 0, waiting_count: pool.waitingCount, max_count: 2 });
    expect(ratio).toBe((2 + pool.waitingCount) / 2);
    expect(pool.waitingCount).toBe(CLIENTS - 2);
    expect(dependencies.signals()['orders-db']?.inFlight).toBe(CLIENTS);

    const pids = new Set((await Promise.all(clients)).map(({ rows }) => rows[0]?.['pid']));
    expect(pids.size).toBe(2); // two connections did it all
    expect(look().resources['pool:orders-db']).toEqual({
      ratio: 0,
      readings: { used_count: 0, idle_count: 2, waiting_count: 0, max_count: 2 },
    });
    expect(dependencies.signals()['orders-db']).toMatchObject({
      inFlight: 0,
      traffic: { total: CLIENTS },
      errors: { ratio: 0, count: 0 },
    });
    await pool.end();
  });

  test("an error of the database's own is counted by its SQLSTATE and reaches the caller as it is", async () => {
    const pool = new Pool({ ...connection(), max: 2 });
    const dependencies = new DependencyRegistry(manualClock());
    const orders = dependencies.dependency('orders-db');
    const failing = orders.time('select_wrong', () => pool.query('select * from nowhere'));
    await expect(failing).rejects.toMatchObject({ code: '42P01', message: 'relation "nowhere" does not exist' });
    expect(dependencies.signals()['orders-db']?.errors).toEqual({
      ratio: 1,
      count: 1,
      byType: { '42P01': 1 },
      aborted: 0,
    });
    await pool.end();
  });

  test('behind knex is seen in the same way, and a query builder that is timed runs once', async () => {
    const db = knexOf({ client: 'pg', connection: connection(), pool: { min: 0, max: 2 } });
    const { registry, look } = watching();
    registry.add('knex-db', db);
    const dependencies = new DependencyRegistry(manualClock());
    const orders = dependencies.dependency('knex-db');
    await db.raw('create table runs (id int)');
    await orders.time('insert_run', () => db('runs').insert({ id: 1 }));
    expect(await db('runs').count('* as n')).toEqual([{ n: '1' }]);

    const clients = Array.from({ length: CLIENTS }, () => db.raw('select pg_sleep(0.1)').then(() => undefined));
    await expect.poll(() => db.client.pool.numUsed()).toBe(2);
    expect(look().resources['pool:knex-db']).toEqual({
      ratio: 10,
      readings: { used_count: 2, idle_count: 0, waiting_count: 18, max_count: 2 },
    });
    await Promise.all(clients);
    await db.destroy();
  });
});

if (!hasMariadb) console.warn('MariaDB is not installed: its tests do not run (apt-get install mariadb-server)');

describe.runIf(hasMariadb)('a real MariaDB', () => {
  let server: Running;
  beforeAll(async () => {
    server = await mariadb();
  });
  afterAll(() => server?.stop());

  test('behind a mysql2 pool of 2 under 20 clients is saturated, with 18 that wait, and is not when they are gone', async () => {
    const pool = createPool({ host: '127.0.0.1', port: server.port, user: 'root', connectionLimit: 2 });
    const { registry, look } = watching();
    registry.add('shop-db', pool);
    const clients = Array.from({ length: CLIENTS }, () => pool.query('select sleep(0.1)'));
    await new Promise((resolve) => setImmediate(resolve));
    const full = look().resources['pool:shop-db'];
    console.info(`mysql2 pool of 2, 20 clients: ${JSON.stringify(full)}`);
    expect(full).toEqual({
      ratio: 10,
      readings: { used_count: 2, idle_count: 0, waiting_count: 18, max_count: 2 },
    });
    await Promise.all(clients);
    expect(look().resources['pool:shop-db']).toEqual({
      ratio: 0,
      readings: { used_count: 0, idle_count: 2, waiting_count: 0, max_count: 2 },
    });
    await pool.end();
  });
});

if (!hasRedis) console.warn('Redis is not installed: its tests do not run (apt-get install redis-server)');

describe.runIf(hasRedis)('a real Redis', () => {
  let server: Running;
  let client: Redis;
  beforeAll(async () => {
    server = await redis();
    client = new Redis({ port: server.port, host: '127.0.0.1' });
  });
  afterAll(async () => {
    client?.disconnect();
    await server?.stop();
  });

  test('as a cache has the hit ratio that its own keyspace counts give', async () => {
    const dependencies = new DependencyRegistry(manualClock());
    const sessions = dependencies.cache('sessions');
    await client.config('RESETSTAT');
    await client.mset(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`session:${i}`, 'x'])));
    for (let i = 0; i < 40; i++) {
      if ((await client.get(`session:${i}`)) === null) sessions.miss();
      else sessions.hit();
    }
    const stats = await client.info('stats');
    const count = (name: string) => Number(new RegExp(`${name}:(\\d+)`).exec(stats)?.[1]);
    const [hits, misses] = [count('keyspace_hits'), count('keyspace_misses')];
    const { hitRatio } = dependencies.signals()['sessions'] ?? {};
    console.info(`redis cache: hit ratio ${hitRatio}, by Redis's own counts ${hits}/${hits + misses}`);
    expect([hits, misses]).toEqual([30, 10]);
    expect(hitRatio).toBe(hits / (hits + misses));
    expect(dependencies.series()[0]?.cache).toEqual({ hits, misses });
  });

  test('as a queue tells its depth and the age of its oldest entry, asked by the timer', async () => {
    const clock = manualClock();
    const dependencies = new DependencyRegistry(clock);
    const oldestAge = async () => {
      const oldest = await client.lindex('emails', -1);
      return oldest === null ? undefined : (clock.now() - Number(oldest)) / 1e3;
    };
    dependencies.queue('emails', () => client.llen('emails'), { oldestAge });
    const emails = () => dependencies.signals()['emails'];
    await expect.poll(emails).toMatchObject({ depth: 0, oldestAgeSeconds: 0 });
    for (let i = 0; i < 25; i++) await client.lpush('emails', clock.now() - 55_000 + i);
    clock.advance(5_000);
    await expect.poll(emails).toMatchObject({ depth: 25, oldestAgeSeconds: 60 });
    await client.rpop('emails', 25);
    clock.advance(5_000);
    await expect.poll(emails).toMatchObject({ depth: 0, oldestAgeSeconds: 0 });
    dependencies.stop();
  });

  test('whose connection holds commands back is saturated, with those that wait', async () => {
    const { registry, look } = watching();
    const late = new Redis({ port: server.port, host: '127.0.0.1', lazyConnect: true });
    registry.add('late', late);
    const answers = Array.from({ length: 5 }, (_, i) => late.set(`late:${i}`, i)); // the first of them connects
    expect(look()).toMatchObject({ worst: 'pool:late', ratio: 5 });
    await Promise.all(answers);
    const { ratio = Number.NaN } = look().resources['pool:late'] ?? {};
    expect(ratio).toBe(0);
    const sent = Array.from({ length: 100 }, () => late.ping());
    expect(look().resources['pool:late']).toEqual({
      ratio: 0.1,
      readings: { used_count: 100, idle_count: 0, waiting_count: 0, max_count: 1_000 },
    });
    await Promise.all(sent);
    late.disconnect();
  });
});
