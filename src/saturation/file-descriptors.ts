import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from './kernel-file.js';
import type { Probe } from './probe.js';

/** A listing costs about a microsecond an entry: so many of them may be looked through per sample. */
const LISTED_PER_SAMPLE = 100;

interface DescriptorSources {
  /** The folder that holds `proc`. */
  readonly root?: string;
  /** How many entries the system says the folder has, 0 where it does not say: Linux before 6.2. */
  readonly sizeOf?: (folder: string) => number;
  /** The names in the folder, while it is open itself. */
  readonly list?: (folder: string) => readonly string[];
}

/**
 * Open descriptors of this process against the soft limit, "Max open files" of `/proc/self/limits`.
 *
 * Readings: `used_count`, `limit_count` unless there is no limit.
 */
export function fileDescriptors(sources: DescriptorSources = {}): Probe {
  const { root = '/', sizeOf = (folder) => statSync(folder).size, list = (folder) => readdirSync(folder) } = sources;
  const folder = join(root, 'proc/self/fd');
  const limit = limitIn(readText(join(root, 'proc/self/limits')));
  let known: number | undefined;
  let restingSamples = 0;

  const count = (): number => {
    const size = sizeOf(folder);
    if (size > 0) return size;
    if (known !== undefined && restingSamples > 0) {
      restingSamples--;
      return known;
    }
    known = list(folder).length - 1; // the listing has the folder open, and lists that too
    restingSamples = Math.floor(known / LISTED_PER_SAMPLE);
    return known;
  };

  return {
    name: 'file-descriptors',
    sample: () => {
      const used = count();
      const finite = Number.isFinite(limit) ? { limit_count: limit } : {};
      return { ratio: used / limit, readings: { used_count: used, ...finite } };
    },
  };
}

/** `Max open files            1024                 524288               files`: the soft limit is the first. */
function limitIn(text: string | undefined): number {
  const soft = /^Max open files\s+(\d+|unlimited)\s/m.exec(text ?? '')?.[1];
  const limit = soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
  if (limit > 0) return limit;
  throw new Error('this system tells no limit of open files in /proc/self/limits');
}
