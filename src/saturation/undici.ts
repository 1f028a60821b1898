import { IDLE, poolReading } from './pools/pool.js';
import { undici as undiciKind } from './pools/undici.js';
import type { Probe } from './probe.js';

/**
 * Where undici keeps the dispatcher that `fetch` uses, its own copies and Node's alike. The later version first: from
 * undici 8 (Node 26) on the former is a wrapper that shows no counts.
 */
const DISPATCHERS = [Symbol.for('undici.globalDispatcher.2'), Symbol.for('undici.globalDispatcher.1')] as const;

/**
 * The connections of `fetch`: (running + pending requests) / `connections`, of the origin nearest to its limit. By
 * default undici sets no limit, and then nothing is full: 0, with the counts in the readings.
 *
 * Readings: `used_count`, `idle_count`, `waiting_count`, `max_count` where there is a limit.
 */
export function undici(host: object = globalThis): Probe {
  return {
    name: 'undici',
    // Asked for each time: it is not there before the first call, and may be replaced.
    sample: () => {
      const [later, former] = DISPATCHERS;
      const dispatcher: unknown = Reflect.get(host, later) ?? Reflect.get(host, former);
      if (typeof dispatcher !== 'object' || dispatcher === null) return poolReading(IDLE);
      const reader = undiciKind.open(dispatcher);
      if (reader === undefined) throw new Error('the global dispatcher is of a kind that shows no counts');
      return poolReading(reader.read(dispatcher));
    },
  };
}
