import { at, isCount, limitAt } from './fields.js';
import type { PoolKind, PoolReader } from './pool.js';

/** knex keeps a pool of the package tarn, which may also be given by itself. */
const tarn = (pool: object): unknown => at(pool, 'client', 'pool') ?? pool;

function call(pool: unknown, method: string): number {
  const found = at(pool, method);
  const count: unknown = typeof found === 'function' ? Reflect.apply(found, pool, []) : undefined;
  if (isCount(count)) return count;
  throw new TypeError(`${method}() of the pool gives no count any more`);
}

const reader: PoolReader = {
  read: (pool) => {
    const inner = tarn(pool);
    return {
      used: call(inner, 'numUsed'),
      idle: call(inner, 'numFree'),
      waiting: call(inner, 'numPendingAcquires'),
      max: limitAt(inner, 'max'),
    };
  },
};

/** An instance of knex, or a pool of tarn, by tarn's public methods. */
export const knex: PoolKind = {
  title: 'knex',
  open: (pool) => {
    const inner = tarn(pool);
    const has = ['numUsed', 'numFree', 'numPendingAcquires'].every((name) => typeof at(inner, name) === 'function');
    return has ? reader : undefined;
  },
};
