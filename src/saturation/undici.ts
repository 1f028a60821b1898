import { IDLE, poolReading } from './pools/pool.js';
import { undici as undiciKind } from './pools/undici.js';
import type { Probe } from './probe.js';

/** Where undici keeps the dispatcher that `fetch` uses, its own copies and Node's alike. */
const DISPATCHER = Symbol.for('undici.globalDispatcher.1');

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
      const dispatcher: unknown = Reflect.get(host, DISPATCHER);
      if (typeof dispatcher !== 'object' || dispatcher === null) return poolReading(IDLE);
      const reader = undiciKind.open(dispatcher);
      if (reader === undefined) throw new Error('the global dispatcher is of a kind that shows no counts');
      return poolReading(reader.read(dispatcher));
    },
  };
}
