import { at, countAt, hasCounts, limitAt } from './fields.js';
import type { PoolKind, PoolReader } from './pool.js';

const PRIVATE = ['_allConnections', '_freeConnections', '_connectionQueue'] as const;

/** The pool of `mysql2/promise` wraps the other one. */
const bare = (pool: object): unknown => (hasCounts(pool, ...PRIVATE) ? pool : at(pool, 'pool'));

const reader: PoolReader = {
  read: (pool) => {
    const inner = bare(pool);
    const idle = countAt(inner, '_freeConnections');
    return {
      used: Math.max(0, countAt(inner, '_allConnections') - idle),
      idle,
      waiting: countAt(inner, '_connectionQueue'),
      max: limitAt(inner, 'config', 'connectionLimit'),
    };
  },
};

/** `createPool()` of mysql2 and mysql2/promise, by private fields: it has no public ones. */
export const mysql2: PoolKind = {
  title: 'mysql2 pool',
  open: (pool) => (hasCounts(bare(pool), ...PRIVATE) ? reader : undefined),
};
