import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Cgroup } from './cgroup.js';
import { readText } from './kernel-file.js';

/**
 * A reader of the least memory limit on the way up, bytes; `undefined` from it means no limit. The files are looked up
 * once and read each time, as a limit may be changed while the process runs.
 */
export function memoryLimit(cgroup: Cgroup | undefined): () => number | undefined {
  const files = foldersWith(cgroup, cgroup?.version === 1 ? 'memory.limit_in_bytes' : 'memory.max');
  return () => {
    const limits = files.map(({ file }) => bytes(readText(file))).filter((limit) => limit !== undefined);
    return limits.length === 0 ? undefined : Math.min(...limits);
  };
}

interface Quota {
  /** May be a fraction. */
  readonly cpus: number;
  /** The cgroup that sets it. */
  readonly folder: string;
}

/** A reader of the least CPU quota on the way up; `undefined` from it means no quota. */
export function cpuQuota(cgroup: Cgroup | undefined): () => Quota | undefined {
  const files = foldersWith(cgroup, cgroup?.version === 1 ? 'cpu.cfs_quota_us' : 'cpu.max');
  return () => {
    let least: Quota | undefined;
    for (const { folder, file } of files) {
      const period = cgroup?.version === 1 ? readText(join(folder, 'cpu.cfs_period_us')) : '';
      const cpus = quotient(`${readText(file)} ${period}`);
      if (cpus !== undefined && (least === undefined || cpus < least.cpus)) least = { cpus, folder };
    }
    return least;
  };
}

/** How a cgroup was held back by its quota, since it was made. */
export interface Throttling {
  readonly folder: string;
  readonly periods: number;
  readonly throttledPeriods: number;
  readonly throttledSeconds: number;
}

/** From `cpu.stat`, where v1 counts the time in nanoseconds and v2 in microseconds. */
export function throttling(version: 1 | 2, folder: string): Throttling | undefined {
  const stat = readText(join(folder, 'cpu.stat')) ?? '';
  const periods = field(stat, 'nr_periods');
  const throttledPeriods = field(stat, 'nr_throttled');
  const throttledSeconds = version === 1 ? field(stat, 'throttled_time', 1e9) : field(stat, 'throttled_usec', 1e6);
  if (periods === undefined || throttledPeriods === undefined || throttledSeconds === undefined) return undefined;
  return { folder, periods, throttledPeriods, throttledSeconds };
}

/** Not every cgroup on the way has every file: the root of a v2 tree has no limits at all. */
function foldersWith(cgroup: Cgroup | undefined, name: string): { folder: string; file: string }[] {
  const files = (cgroup?.folders ?? []).map((folder) => ({ folder, file: join(folder, name) }));
  return files.filter(({ file }) => existsSync(file));
}

/** v2 says `max` for none; v1 says the greatest number of whole pages, about 9.2e18, which no number holds exactly. */
function bytes(text: string | undefined): number | undefined {
  const value = /^\d+$/.test(text?.trim() ?? '') ? Number(text) : 0;
  return value > 0 && value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

/** `<quota> <period>`, both in microseconds; the quota is `max` (v2) or -1 (v1) for none. */
function quotient(text: string): number | undefined {
  const [, quota, period] = /^(\d+)\s+(\d+)\s*$/.exec(text) ?? [];
  const cpus = Number(quota) / Number(period);
  return cpus > 0 && Number.isFinite(cpus) ? cpus : undefined;
}

function field(stat: string, name: string, divisor = 1): number | undefined {
  const value = new RegExp(`^${name} (\\d+)$`, 'm').exec(stat)?.[1];
  return value === undefined ? undefined : Number(value) / divisor;
}
