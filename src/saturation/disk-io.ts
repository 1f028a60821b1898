import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, systemClock } from '../core/clock.js';
import { cgroupOf } from './cgroup.js';
import { readText } from './kernel-file.js';
import { type Probe, SHORTEST_WINDOW_MS } from './probe.js';

interface DiskIoSources {
  /** The folder that holds `proc` and `sys`. */
  readonly root?: string;
  readonly clock?: Clock;
}

interface Traffic {
  readonly read: number;
  readonly written: number;
}

/**
 * What went to and from disks since the last sample. The ratio is the rate against `io.max` of the process's own v2
 * cgroup, for the device nearest to its limit; without such a limit it is 0, and `pressure-io` is the figure to act on.
 *
 * Readings, per second: `read_bytes` and `written_bytes` of this process (`/proc/self/io`: real disk traffic, not what
 * the page cache served); where v2 accounts for it, `cgroup_read_bytes` and `cgroup_written_bytes` of the whole cgroup.
 */
export function diskIo({ root = '/', clock = systemClock }: DiskIoSources = {}): Probe {
  const ownFile = join(root, 'proc/self/io');
  const folder = cgroupOf('io', root)?.folders[0];
  const statFile = folder !== undefined && existsSync(join(folder, 'io.stat')) ? join(folder, 'io.stat') : undefined;
  const limitFile = folder === undefined ? undefined : join(folder, 'io.max');

  const look = () => {
    const own = ownTraffic(readText(ownFile));
    if (own === undefined) throw new Error('this system tells no disk traffic in /proc/self/io');
    const devices = statFile === undefined ? undefined : byDevice(readText(statFile), 'rbytes', 'wbytes');
    return { atMs: clock.monotonic(), own, devices };
  };

  let last = look();
  return {
    name: 'disk-io',
    overTime: true,
    sample: () => {
      const now = look();
      const seconds = (now.atMs - last.atMs) / 1e3;
      if (seconds * 1e3 < SHORTEST_WINDOW_MS) return undefined;
      const own = rate(last.own, now.own, seconds);
      const readings = { read_bytes: own.read, written_bytes: own.written };
      const devices = ratesOf(last.devices, now.devices, seconds);
      last = now;
      if (devices === undefined) return { ratio: 0, readings };
      const all = [...devices.values()];
      const limits = byDevice(limitFile === undefined ? undefined : readText(limitFile), 'rbps', 'wbps');
      return {
        ratio: Math.max(0, ...[...devices].map(([device, used]) => nearness(used, limits.get(device)))),
        readings: {
          ...readings,
          cgroup_read_bytes: all.reduce((sum, { read }) => sum + read, 0),
          cgroup_written_bytes: all.reduce((sum, { written }) => sum + written, 0),
        },
      };
    },
  };
}

function ownTraffic(text: string | undefined): Traffic | undefined {
  const read = /^read_bytes: (\d+)$/m.exec(text ?? '')?.[1];
  const written = /^write_bytes: (\d+)$/m.exec(text ?? '')?.[1];
  return read === undefined || written === undefined ? undefined : { read: Number(read), written: Number(written) };
}

/** Lines of `io.stat` and `io.max`: `8:0 rbytes=1 wbytes=2 ...`. A limit of `max`, or garbage, is `NaN`: none. */
function byDevice(text: string | undefined, readKey: string, writeKey: string): Map<string, Traffic> {
  const value = (line: string, key: string): number =>
    Number(new RegExp(` ${key}=(\\d+)(?: |$)`).exec(line)?.[1] ?? Number.NaN);
  const lines = (text ?? '').matchAll(/^(\d+:\d+)( .*)$/gm);
  return new Map(
    [...lines].map(([, device = '', rest = '']) => [
      device,
      { read: value(rest, readKey), written: value(rest, writeKey) },
    ]),
  );
}

/** A device that has just come starts from what it shows now; counts that fell, as after a move to another cgroup, are none. */
function ratesOf(
  last: Map<string, Traffic> | undefined,
  now: Map<string, Traffic> | undefined,
  seconds: number,
): Map<string, Traffic> | undefined {
  if (last === undefined || now === undefined) return undefined;
  return new Map([...now].map(([device, seen]) => [device, rate(last.get(device) ?? seen, seen, seconds)]));
}

function rate(last: Traffic, now: Traffic, seconds: number): Traffic {
  const per = (before: number, after: number): number => (after > before ? (after - before) / seconds : 0);
  return { read: per(last.read, now.read), written: per(last.written, now.written) };
}

function nearness(used: Traffic, limit: Traffic | undefined): number {
  if (limit === undefined) return 0;
  const share = (rate: number, most: number): number => (most > 0 ? rate / most : 0);
  return Math.max(share(used.read, limit.read), share(used.written, limit.written));
}
