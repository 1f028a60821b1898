import { totalmem } from 'node:os';
import { cgroupOf } from './cgroup.js';
import { memoryLimit } from './cgroup-limits.js';
import type { Probe } from './probe.js';

/** Where the figures come from; bytes. Tests pass their own. */
interface MemorySources {
  /** The folder that holds `proc` and `sys`. */
  readonly root?: string;
  readonly rss?: () => number;
  readonly total?: number;
  readonly constrained?: () => number | undefined;
}

/**
 * Resident memory of this process against what it may have: RSS / the least of the cgroup's limits and the machine's
 * memory. Other processes in the same container are not counted.
 *
 * Readings: `used_bytes`, `limit_bytes`.
 */
export function memory(sources: MemorySources = {}): Probe {
  const {
    root = '/',
    rss = () => process.memoryUsage.rss(),
    total = totalmem(),
    constrained = () => process.constrainedMemory(),
  } = sources;
  const limitOfCgroup = memoryLimit(cgroupOf('memory', root));
  const ceiling = Math.min(total, saneOrTotal(constrained(), total));
  return {
    name: 'memory',
    sample: () => {
      const used = rss();
      const limit = Math.min(ceiling, limitOfCgroup() ?? ceiling);
      return { ratio: used / limit, readings: { used_bytes: used, limit_bytes: limit } };
    },
  };
}

/** `process.constrainedMemory()` says "no limit" with 0, `undefined` or 18446744073709552000, depending on the system. */
function saneOrTotal(constrained: number | undefined, total: number): number {
  return constrained !== undefined && constrained > 0 ? Math.min(constrained, total) : total;
}
