import { countAt, hasCounts, limitAt } from './fields.js';
import type { PoolKind, PoolReader } from './pool.js';

const reader: PoolReader = {
  read: (pool) => ({
    used: countAt(pool, 'borrowed'),
    idle: countAt(pool, 'available'),
    waiting: countAt(pool, 'pending'),
    max: limitAt(pool, 'max'),
  }),
};

/** `createPool()` of generic-pool, by its public fields. */
export const genericPool: PoolKind = {
  title: 'generic-pool',
  open: (pool) => (hasCounts(pool, 'borrowed', 'available', 'pending', 'max') ? reader : undefined),
};
