import { at, atSymbol, hasCounts, isCount, limitAt } from './fields.js';
import { fullerOf, IDLE, type PoolKind, type PoolReader, type PoolReading } from './pool.js';

/** A client has one connection; `queued` and `free` are of pools alone. */
const isClient = (stats: unknown): boolean => at(stats, 'queued') === undefined;

function one(dispatcher: unknown): PoolReading | undefined {
  const stats = at(dispatcher, 'stats');
  if (!hasCounts(stats, 'running', 'pending')) return undefined;
  const count = (name: string): number => {
    const value = at(stats, name);
    return isCount(value) ? value : 0;
  };
  const connections = atSymbol(dispatcher, 'connections');
  return {
    used: count('running'),
    idle: count('free'),
    waiting: count('pending'), // those that are queued in the pool are among them
    max: isClient(stats) ? 1 : limitAt({ connections }, 'connections'),
  };
}

/** By origin, in a map under a symbol: the pool itself in undici 6, a record that holds it as `dispatcher` from 7 on. */
function clientsOf(agent: unknown): unknown[] | undefined {
  const clients = atSymbol(agent, 'clients');
  return clients instanceof Map
    ? [...clients.values()].map((held: unknown) => at(held, 'dispatcher') ?? held)
    : undefined;
}

const reader: PoolReader = {
  read: (dispatcher) => {
    const parts = clientsOf(dispatcher) ?? [dispatcher];
    const readings = parts.map(one).filter((reading) => reading !== undefined);
    if (readings.length === 0 && parts.length > 0) throw new TypeError('the dispatcher shows no counts any more');
    return readings.length === 0 ? IDLE : readings.reduce(fullerOf);
  },
};

/** `Pool`, `Client` and `Agent` of undici: requests against `connections`, of the origin nearest to it. */
export const undici: PoolKind = {
  title: 'undici Pool or Agent',
  open: (dispatcher) => {
    if (typeof at(dispatcher, 'dispatch') !== 'function') return undefined;
    return clientsOf(dispatcher) !== undefined || one(dispatcher) !== undefined ? reader : undefined;
  },
};
