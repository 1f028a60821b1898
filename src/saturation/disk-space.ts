import { statfs } from 'node:fs/promises';
import { type Clock, systemClock } from '../core/clock.js';
import type { Reading } from '../core/saturation.js';
import type { Probe } from './probe.js';

/** An answer that takes longer is of no use: the mount hangs. */
const DEADLINE_MS = 5_000;
/** Disks fill slowly. */
const INTERVAL_MS = 30_000;

interface Space {
  /** Blocks that a process without privileges may still use: `bfree` counts those reserved for root too. */
  readonly bavail: number;
  readonly blocks: number;
  readonly bsize: number;
}

interface DiskSources {
  readonly clock?: Clock;
  readonly ask?: (path: string) => Promise<Space>;
}

/**
 * Space of the file system that holds `path`: 1 - available / total, by statfs(2). Asked for without waiting, one
 * question at a time and every 30 s, so a mount that hangs costs one thread of the pool and not the process. Where an
 * answer takes more than 5 s there is no reading until it comes.
 *
 * Readings: `available_bytes`, `total_bytes`.
 */
export function diskSpace(name: string, path: string, sources: DiskSources = {}): Probe {
  const { clock = systemClock, ask = (asked) => statfs(asked) } = sources;
  let space: Space | undefined;
  let failure: unknown;
  let askedMs = 0;
  let waiting = false;

  const question = (): void => {
    askedMs = clock.monotonic();
    waiting = true;
    ask(path).then(
      (answer) => {
        space = answer;
        waiting = false;
      },
      (cause: unknown) => {
        failure = cause;
        waiting = false;
      },
    );
  };

  question();
  return {
    name,
    sample: () => {
      if (failure !== undefined) throw failure;
      const agoMs = clock.monotonic() - askedMs;
      if (!waiting && agoMs >= INTERVAL_MS) question();
      else if (waiting && agoMs > DEADLINE_MS) space = undefined;
      return space && readingOf(space);
    },
  };
}

/** Pseudo file systems have no blocks at all, and so are never full. */
function readingOf({ bavail, blocks, bsize }: Space): Reading {
  const readings = { available_bytes: bavail * bsize, total_bytes: blocks * bsize };
  return { ratio: blocks > 0 ? Math.min(1, Math.max(0, 1 - bavail / blocks)) : 0, readings };
}
