import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, systemClock } from '../core/clock.js';
import { cgroupOf } from './cgroup.js';
import { readText } from './kernel-file.js';
import { type Probe, SHORTEST_WINDOW_MS } from './probe.js';

interface PressureSources {
  /** The folder that holds `proc` and `sys`. */
  readonly root?: string;
  readonly clock?: Clock;
}

/**
 * Pressure stall information of the kernel: the share of the time since the last sample in which at least one task stood
 * waiting for that resource, by the growth of `total`, which is exact where `avg10` lags.
 *
 * Of this process's own v2 cgroup where it keeps the figures: readings `some_ratio`, `full_ratio` (all tasks waited). Else
 * of the whole host, which may be the doing of others: `host_some_ratio`, `host_full_ratio`.
 */
export function pressure(resource: 'cpu' | 'memory' | 'io', sources: PressureSources = {}): Probe {
  const { root = '/', clock = systemClock } = sources;
  const own = cgroupOf('io', root)?.folders[0]; // the v2 tree: it has the files whatever controllers it lacks
  const ownFile = own === undefined ? undefined : join(own, `${resource}.pressure`);
  const isOwn = ownFile !== undefined && existsSync(ownFile) && totalsIn(readText(ownFile)) !== undefined;
  const file = isOwn ? ownFile : join(root, 'proc/pressure', resource);
  const someKey = isOwn ? 'some_ratio' : 'host_some_ratio';
  const fullKey = isOwn ? 'full_ratio' : 'host_full_ratio';

  const look = () => {
    const totals = totalsIn(readText(file));
    if (totals === undefined) throw new Error(`this kernel keeps no pressure figures for ${resource}`);
    return { atMs: clock.monotonic(), ...totals };
  };

  let last = look();
  return {
    name: `pressure-${resource}`,
    overTime: true,
    sample: () => {
      const now = look();
      const wallMs = now.atMs - last.atMs;
      if (wallMs < SHORTEST_WINDOW_MS) return undefined;
      const some = share(last.some, now.some, wallMs);
      // The file of cpu has had its line for `full` since Linux 5.13 only.
      const full = now.full === undefined || last.full === undefined ? undefined : share(last.full, now.full, wallMs);
      last = now;
      return { ratio: some, readings: { [someKey]: some, ...(full !== undefined && { [fullKey]: full }) } };
    },
  };
}

/** Lines are `some avg10=0.00 avg60=0.00 avg300=0.00 total=0`; `total` is in microseconds. */
function totalsIn(text: string | undefined): { some: number; full: number | undefined } | undefined {
  const total = (kind: string): number | undefined => {
    const found = new RegExp(`^${kind} .*\\btotal=(\\d+)$`, 'm').exec(text ?? '')?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const some = total('some');
  return some === undefined ? undefined : { some, full: total('full') };
}

/** The kernel's clock and ours tick apart: a share is kept from 0 to 1. */
function share(lastUs: number, nowUs: number, wallMs: number): number {
  return Math.min(1, Math.max(0, (nowUs - lastUs) / 1e3 / wallMs));
}
