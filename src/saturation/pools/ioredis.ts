import { at, countAt, hasCounts } from './fields.js';
import type { PoolKind, PoolReader } from './pool.js';

/** So many commands without an answer on one connection are a full one: at 10 us a command the last waits for 10 ms. */
const FULL_COMMANDS = 1000;

/**
 * One connection carries many commands at a time, so what is counted are commands: sent and not answered yet are used;
 * held back until there is a connection are waiting, and as long as there is none, none can be sent.
 */
const reader: PoolReader = {
  read: (redis) => ({
    used: countAt(redis, 'commandQueue'),
    idle: 0,
    waiting: countAt(redis, 'offlineQueue'),
    max: at(redis, 'status') === 'ready' ? FULL_COMMANDS : 0,
  }),
};

/** `new Redis()` of ioredis. */
export const ioredis: PoolKind = {
  title: 'ioredis Redis',
  open: (redis) =>
    typeof at(redis, 'status') === 'string' && hasCounts(redis, 'commandQueue', 'offlineQueue') ? reader : undefined,
};
