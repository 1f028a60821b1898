import type { Table } from '../../core/table.js';
import { memory } from './memory.js';
import type { RolloutStore } from './store.js';

/** Stores that need no client of somebody else's. That of Redis takes one, and comes from `fourlights/redis`. */
export const stores = { memory } as const satisfies Table<() => RolloutStore>;
