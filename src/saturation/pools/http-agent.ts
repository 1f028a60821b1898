import { at, isCount, limitAt } from './fields.js';
import { fullerOf, IDLE, type PoolKind, type PoolReader, type PoolReading } from './pool.js';

/** Lists by origin: `sockets` are in use or being made, `freeSockets` idle, `requests` wait. */
const LISTS = ['sockets', 'freeSockets', 'requests'] as const;

const reader: PoolReader = {
  read: (agent) => {
    const [sockets, free, requests] = [list(agent, 'sockets'), list(agent, 'freeSockets'), list(agent, 'requests')];
    const max = limitAt(agent, 'maxSockets');
    const total = { used: 0, idle: 0, waiting: 0, max: limitAt(agent, 'maxTotalSockets') };
    let fullest: PoolReading = { ...IDLE, max };
    const look = (origin: string): void => {
      const one = {
        used: lengthOf(sockets[origin]),
        idle: lengthOf(free[origin]),
        waiting: lengthOf(requests[origin]),
        max,
      };
      fullest = fullerOf(fullest, one);
      total.used += one.used;
      total.idle += one.idle;
      total.waiting += one.waiting;
    };
    for (const origin in sockets) look(origin);
    for (const origin in requests) if (!(origin in sockets)) look(origin);
    for (const origin in free) if (!(origin in sockets) && !(origin in requests)) look(origin);
    return fullerOf(fullest, total);
  },
};

function list(agent: object, name: (typeof LISTS)[number]): Readonly<Record<string, unknown>> {
  const lists = at(agent, name);
  if (typeof lists !== 'object' || lists === null) throw new TypeError(`${name} of the agent is no object any more`);
  return lists as Readonly<Record<string, unknown>>; // any object is one: what it holds is looked at by `lengthOf`
}

function lengthOf(sockets: unknown): number {
  return Array.isArray(sockets) ? sockets.length : 0;
}

/** `http.Agent` and `https.Agent`: the origin nearest to `maxSockets`, or all together where `maxTotalSockets` is nearer. */
export const httpAgent: PoolKind = {
  title: 'http.Agent',
  open: (agent) => {
    const has = LISTS.every((name) => typeof at(agent, name) === 'object' && at(agent, name) !== null);
    return has && isCount(at(agent, 'maxSockets')) ? reader : undefined;
  },
};
