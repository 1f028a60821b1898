import { genericPool } from './generic-pool.js';
import { httpAgent } from './http-agent.js';
import { ioredis } from './ioredis.js';
import { knex } from './knex.js';
import { mongodb } from './mongodb.js';
import { mysql2 } from './mysql2.js';
import { pg } from './pg.js';
import type { PoolKind } from './pool.js';
import { undici } from './undici.js';

/** The makes of pools that are known by their shape, asked in this order. A new one is a file and a line here. */
export const poolKinds = {
  pg,
  mysql2,
  ioredis,
  mongodb,
  'generic-pool': genericPool,
  knex,
  undici,
  'http-agent': httpAgent,
} as const satisfies Readonly<Record<string, PoolKind>>;

export type PoolKindName = keyof typeof poolKinds;
