import { at, isCount, limitAt } from './fields.js';
import { fullerOf, IDLE, type PoolKind, type PoolReader, type PoolReading } from './pool.js';

/** Lists by origin: `sockets` are in use or being made, `freeSockets` idle, `requests` wait. */
const LISTS = ['sockets', 'freeSockets', 'requests'] as const;

const reader: PoolReader = {
  read: (agent) => {
    const [sockets, free, requests] = LISTS.map((name) => lengths(at(agent, name)));
    const max = limitAt(agent, 'maxSockets');
    let total = { ...IDLE, max: limitAt(agent, 'maxTotalSockets') };
    let fullest: PoolReading | undefined;
    const origins = new Set([sockets, free, requests].flatMap((list) => [...(list?.keys() ?? [])]));
    for (const origin of origins) {
      const used = sockets?.get(origin) ?? 0;
      const idle = free?.get(origin) ?? 0;
      const waiting = requests?.get(origin) ?? 0;
      const one = { used, idle, waiting, max };
      fullest = fullest === undefined ? one : fullerOf(fullest, one);
      total = { ...total, used: total.used + used, idle: total.idle + idle, waiting: total.waiting + waiting };
    }
    return fullest === undefined ? { ...IDLE, max } : fullerOf(fullest, total);
  },
};

function lengths(lists: unknown): Map<string, number> {
  if (typeof lists !== 'object' || lists === null) throw new TypeError('a list of the agent is no object any more');
  const entries = Object.entries(lists).map(([origin, list]): [string, number] => {
    const length = at(list, 'length');
    return [origin, isCount(length) ? length : 0];
  });
  return new Map(entries);
}

/** `http.Agent` and `https.Agent`: the origin nearest to `maxSockets`, or all together where `maxTotalSockets` is nearer. */
export const httpAgent: PoolKind = {
  title: 'http.Agent',
  open: (agent) => {
    const has = LISTS.every((name) => typeof at(agent, name) === 'object' && at(agent, name) !== null);
    return has && isCount(at(agent, 'maxSockets')) ? reader : undefined;
  },
};
