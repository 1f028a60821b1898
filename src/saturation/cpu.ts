import { availableParallelism } from 'node:os';
import { type Clock, systemClock } from '../core/clock.js';
import { cgroupOf } from './cgroup.js';
import { cpuQuota, type Throttling, throttling } from './cgroup-limits.js';
import { type Probe, SHORTEST_WINDOW_MS } from './probe.js';

/** Where the figures come from. Tests pass their own. */
export interface CpuSources {
  /** The folder that holds `proc` and `sys`. */
  readonly root?: string;
  readonly clock?: Clock;
  /** CPU time of the process so far, microseconds. */
  readonly usage?: () => { readonly user: number; readonly system: number };
  readonly parallelism?: () => number;
}

/**
 * CPU time of this process since the last sample against what it may have: (user + system) / (time gone by x CPUs),
 * where CPUs is the lesser of the cgroup's quota and the CPUs the system lets it use.
 *
 * Readings: `used_cpus`, `limit_cpus`; under a quota also `quota_cpus`, and once they are known `throttled_ratio` (share
 * of the scheduler's periods in which the cgroup was held back) and `throttled_seconds` (how long, over all its threads).
 */
export function cpu(sources: CpuSources = {}): Probe {
  const {
    root = '/',
    clock = systemClock,
    usage = () => process.cpuUsage(),
    parallelism = availableParallelism,
  } = sources;
  const cgroup = cgroupOf('cpu', root);
  const quotaNow = cpuQuota(cgroup);

  const look = () => {
    const { user, system } = usage();
    const quota = quotaNow();
    // Throttled is who has the quota: an outer cgroup's throttling is in no count of the inner one.
    const throttled = cgroup && quota && throttling(cgroup.version, quota.folder);
    return { atMs: clock.monotonic(), usedMs: (user + system) / 1e3, quota, throttled };
  };

  let last = look();
  return {
    name: 'cpu',
    overTime: true,
    sample: () => {
      const now = look();
      const wallMs = now.atMs - last.atMs;
      if (wallMs < SHORTEST_WINDOW_MS) return undefined;
      const used = (now.usedMs - last.usedMs) / wallMs;
      const limit = Math.min(parallelism(), now.quota?.cpus ?? Number.POSITIVE_INFINITY);
      const held = since(last.throttled, now.throttled);
      last = now;
      const quota = now.quota && { quota_cpus: now.quota.cpus };
      return { ratio: used / limit, readings: { used_cpus: used, limit_cpus: limit, ...quota, ...held } };
    },
  };
}

/** Nothing when the counts are not of one cgroup, or when no period went by. */
function since(
  last: Throttling | undefined,
  now: Throttling | undefined,
): { throttled_ratio: number; throttled_seconds: number } | undefined {
  if (last === undefined || now === undefined || last.folder !== now.folder) return undefined;
  const periods = now.periods - last.periods;
  if (periods <= 0) return undefined;
  return {
    throttled_ratio: (now.throttledPeriods - last.throttledPeriods) / periods,
    throttled_seconds: now.throttledSeconds - last.throttledSeconds,
  };
}
