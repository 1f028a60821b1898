import { countAt, hasCounts, limitAt } from './fields.js';
import type { PoolKind, PoolReader } from './pool.js';

/** A connection in the making is in `totalCount`, and the caller it is made for not in `waitingCount`: it counts as used. */
const reader: PoolReader = {
  read: (pool) => {
    const idle = countAt(pool, 'idleCount');
    const used = Math.max(0, countAt(pool, 'totalCount') - idle);
    return { used, idle, waiting: countAt(pool, 'waitingCount'), max: limitAt(pool, 'options', 'max') };
  },
};

/** `pg.Pool`, by its public fields. */
export const pg: PoolKind = {
  title: 'pg Pool',
  open: (pool) => (hasCounts(pool, 'totalCount', 'idleCount', 'waitingCount') ? reader : undefined),
};
