import { createPool as createGenericPool } from 'generic-pool';
import { Redis } from 'ioredis';
import knexOf from 'knex';
import { MongoClient } from 'mongodb';
import { createPool } from 'mysql2';
import { createPool as createPromisePool } from 'mysql2/promise';
import { describe, expect, test } from 'vitest';
import { fullness } from '../../../src/saturation/pools/pool.js';
import { PoolRegistry } from '../../../src/saturation/pools/registry.js';
import { Pool } from '../../support/pg.js';

const watched = (pool: object) => {
  const registry = new PoolRegistry(new Map());
  const handle = registry.add('it', pool);
  return { state: () => registry.all()[0], handle };
};
/** Nobody listens there, and nobody is asked to: the drivers connect when they are used. */
const nowhere = { host: '127.0.0.1', port: 1 };

describe('each driver is known by its shape, before it has connected', () => {
  test('pg', () => {
    expect(watched(new Pool({ ...nowhere, max: 7 })).state()).toMatchObject({
      kind: 'pg',
      used: 0,
      waiting: 0,
      max: 7,
    });
  });

  test.each([
    ['mysql2', createPool],
    ['mysql2/promise', createPromisePool],
  ])('%s', async (_, create) => {
    const pool = create({ ...nowhere, connectionLimit: 7 });
    expect(watched(pool).state()).toEqual({ name: 'it', kind: 'mysql2', used: 0, idle: 0, waiting: 0, max: 7 });
    await (pool.end as () => unknown)();
  });

  test('ioredis, whose commands all wait while there is no connection', () => {
    const redis = new Redis({ ...nowhere, lazyConnect: true });
    expect(watched(redis).state()).toEqual({ name: 'it', kind: 'ioredis', used: 0, idle: 0, waiting: 0, max: 0 });
    redis.disconnect();
  });

  test('knex, whose pool is of tarn', async () => {
    const db = knexOf({ client: 'pg', connection: nowhere, pool: { min: 0, max: 7 } });
    expect(watched(db).state()).toEqual({ name: 'it', kind: 'knex', used: 0, idle: 0, waiting: 0, max: 7 });
    expect(watched(db.client.pool).state()).toMatchObject({ kind: 'knex', max: 7 });
    await db.destroy();
  });

  test('mongodb', async () => {
    const client = new MongoClient('mongodb://127.0.0.1:1', { maxPoolSize: 7 });
    expect(watched(client).state()).toEqual({ name: 'it', kind: 'mongodb', used: 0, idle: 0, waiting: 0, max: 7 });
    await client.close();
  });
});

describe('generic-pool', () => {
  test('of two resources under five callers has two used and three waiting', async () => {
    const pool = createGenericPool({ create: async () => ({}), destroy: async () => undefined }, { max: 2 });
    const { state } = watched(pool);
    const callers = Array.from({ length: 5 }, () => pool.acquire());
    const first = await Promise.all(callers.slice(0, 2));
    const full = state();
    expect(full).toEqual({ name: 'it', kind: 'generic-pool', used: 2, idle: 0, waiting: 3, max: 2 });
    expect(full && fullness(full)).toBe(2.5);
    for (const resource of first) await pool.release(resource);
    for (const caller of callers.slice(2)) await pool.release(await caller);
    expect(state()).toMatchObject({ used: 0, idle: 2, waiting: 0 });
    await pool.drain();
    await pool.clear();
  });
});

describe('mongodb', () => {
  const client = () => new MongoClient('mongodb://a,b/?replicaSet=r', { maxPoolSize: 2 });
  /** The driver's own emitter, with the events that its pool of connections sends. */
  const emitting = (mongo: MongoClient) => (address: string, names: string[]) => {
    for (const name of names) mongo.emit(name as 'connectionCreated', { address } as never);
  };
  const out = ['connectionCheckOutStarted', 'connectionCheckedOut'];

  test('is counted by its events, and stands as its fullest server does', () => {
    const mongo = client();
    const { state } = watched(mongo);
    const emit = emitting(mongo);
    emit('a:27017', ['connectionCreated', 'connectionCreated', ...out, ...out, 'connectionCheckOutStarted']);
    emit('b:27017', ['connectionCreated', ...out, 'connectionCheckedIn']);
    expect(state()).toMatchObject({ used: 2, idle: 0, waiting: 1, max: 2 });
    emit('a:27017', ['connectionCheckOutFailed', 'connectionCheckedIn', 'connectionCheckedIn']);
    expect(state()).toMatchObject({ used: 0, idle: 2, waiting: 0 });
  });

  test('a server that leaves takes its counts with it', () => {
    const mongo = client();
    const { state } = watched(mongo);
    emitting(mongo)('a:27017', ['connectionCreated', ...out, 'connectionPoolClosed']);
    expect(state()).toMatchObject({ used: 0, idle: 0, waiting: 0 });
  });

  test('what was out before the watch began, and comes in, makes no negative count', () => {
    const mongo = client();
    const { state } = watched(mongo);
    emitting(mongo)('a:27017', ['connectionCheckedIn', 'connectionClosed', 'connectionCheckOutFailed']);
    expect(state()).toMatchObject({ used: 0, idle: 0, waiting: 0 });
  });

  test('has no listener left when the watch ends', () => {
    const mongo = client();
    const before = mongo.eventNames().length;
    const { handle } = watched(mongo);
    expect(mongo.eventNames().length).toBe(before + 7);
    handle.remove();
    expect(mongo.eventNames()).toHaveLength(before);
  });

  test('without a limit is never full', () => {
    const { state } = watched(new MongoClient('mongodb://a', { maxPoolSize: 0 }));
    expect(state()?.max).toBe(Number.POSITIVE_INFINITY);
  });
});
