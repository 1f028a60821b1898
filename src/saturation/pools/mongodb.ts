import { at, isCount } from './fields.js';
import { fullerOf, IDLE, type PoolKind, type PoolReader } from './pool.js';

/** The driver's own default of `maxPoolSize`. 0 means no limit. */
const DEFAULT_MAX = 100;
/** Servers of one client that are told apart. */
const MAX_SERVERS = 100;

interface Server {
  connections: number;
  used: number;
  waiting: number;
}

type Counts = (server: Server) => void;

/** Connection Monitoring and Pooling (CMAP), the driver's public events: each names the server's address. */
const EVENTS: Readonly<Record<string, Counts>> = {
  connectionCreated: (server) => void server.connections++,
  connectionClosed: (server) => void server.connections--,
  connectionCheckOutStarted: (server) => void server.waiting++,
  connectionCheckOutFailed: (server) => void server.waiting--,
  connectionCheckedOut: (server) => {
    server.waiting--;
    server.used++;
  },
  connectionCheckedIn: (server) => void server.used--,
};

function watch(client: object): PoolReader {
  const servers = new Map<string, Server>();
  const serverAt = (address: unknown): Server | undefined => {
    if (typeof address !== 'string') return undefined;
    const known = servers.get(address);
    if (known !== undefined || servers.size >= MAX_SERVERS) return known;
    const made = { connections: 0, used: 0, waiting: 0 };
    servers.set(address, made);
    return made;
  };
  const listeners = Object.entries(EVENTS).map(([name, count]) => {
    const listener = (event: unknown): void => {
      const server = serverAt(at(event, 'address'));
      if (server !== undefined) count(server);
    };
    return { name, listener };
  });
  // A server that has left comes again with a pool of its own.
  listeners.push({
    name: 'connectionPoolClosed',
    listener: (event) => void servers.delete(String(at(event, 'address'))),
  });
  each(client, 'on', listeners);

  return {
    read: (pool) => {
      const max = maxOf(pool);
      const readings = [...servers.values()].map(({ connections, used, waiting }) => ({
        used: Math.max(0, used), // what was out before we listened comes in uncounted
        idle: Math.max(0, connections - Math.max(0, used)),
        waiting: Math.max(0, waiting),
        max,
      }));
      return readings.reduce(fullerOf, { ...IDLE, max });
    },
    close: (pool) => each(pool, 'off', listeners),
  };
}

function each(client: object, method: 'on' | 'off', listeners: readonly { name: string; listener: unknown }[]): void {
  const found = at(client, method);
  if (typeof found !== 'function') return;
  for (const { name, listener } of listeners) Reflect.apply(found, client, [name, listener]);
}

function maxOf(client: object): number {
  const max = at(client, 'options', 'maxPoolSize');
  if (!isCount(max)) return DEFAULT_MAX;
  return max === 0 ? Number.POSITIVE_INFINITY : max;
}

/** `MongoClient`: of the server whose pool is nearest to `maxPoolSize`. Give it before it connects: it is counted by events. */
export const mongodb: PoolKind = {
  title: 'mongodb MongoClient',
  open: (client) => {
    const methods = ['on', 'off', 'startSession', 'db'];
    return methods.every((name) => typeof at(client, name) === 'function') ? watch(client) : undefined;
  },
};
