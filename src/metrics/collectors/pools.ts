import type { PoolState } from '../../saturation/pools/registry.js';
import type { Collector } from '../family.js';
import { keptLabels } from '../labels.js';

const POOL = 'db.client.connection.pool.name';

/** Connection pools: what is used, what is idle, who waits, and how many there may be. */
export function pools(read: () => readonly PoolState[]): Collector {
  const labelsOf = keptLabels((pool: string) => ({ [POOL]: pool }));
  const stateOf = keptLabels((pool: string, state: string) => ({ [POOL]: pool, 'db.client.connection.state': state }));
  return () => {
    const all = read();
    return [
      {
        ...{ type: 'gauge', over: 'sum', name: 'db.client.connection.count', unit: '{connection}' },
        help: 'Connections of a pool, by state.',
        action: 'all used and none idle: look who waits.',
        points: all.flatMap(({ name, used, idle }) => [
          { labels: stateOf(name, 'used'), value: used },
          { labels: stateOf(name, 'idle'), value: idle },
        ]),
      },
      {
        ...{ type: 'gauge', over: 'sum', name: 'db.client.connection.pending_requests', unit: '{request}' },
        help: 'Callers that wait for a connection of the pool.',
        action: 'above 0 for 30 s: find the slow query, or make the pool larger.',
        points: all.map(({ name, waiting }) => ({ labels: labelsOf(name), value: waiting })),
      },
      {
        ...{ type: 'gauge', over: 'sum', name: 'db.client.connection.limit', unit: '{connection}' },
        help: 'Connections that the pool may have; a pool without a limit is left out.',
        action: 'over all processes it must fit what the server allows.',
        points: all
          .filter(({ max }) => Number.isFinite(max))
          .map(({ name, max }) => ({ labels: labelsOf(name), value: max })),
      },
    ];
  };
}
