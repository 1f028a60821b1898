import { getHeapStatistics } from 'node:v8';
import type { Probe } from './probe.js';

/**
 * V8's heap: used_heap_size / heap_size_limit. Garbage that was not collected yet counts as used.
 *
 * Readings: `used_bytes`, `limit_bytes`.
 */
export function heap(): Probe {
  return {
    name: 'heap',
    sample: () => {
      const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
      return { ratio: used / limit, readings: { used_bytes: used, limit_bytes: limit } };
    },
  };
}
