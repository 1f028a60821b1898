import { statfsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { diskSpace } from '../../src/saturation/disk-space.js';
import { manualClock } from '../../src/testing/manual-clock.js';

type Space = { bavail: number; blocks: number; bsize: number };

/** A disk that answers when the test says so. */
function disk() {
  const clock = manualClock();
  const open: { resolve: (space: Space) => void; reject: (cause: Error) => void }[] = [];
  const probe = diskSpace('disk-space-cwd', '/data', {
    clock,
    ask: () => new Promise((resolve, reject) => open.push({ resolve, reject })),
  });
  return { clock, probe, open, settled: () => new Promise((resolve) => setImmediate(resolve)) };
}

describe('disk space', () => {
  test('is what a process without privileges may still have, so the blocks kept for root are taken', async () => {
    const { probe, open, settled } = disk();
    expect(probe.sample()).toBeUndefined();
    const withReserve = { bavail: 25, bfree: 30, blocks: 100, bsize: 4096 };
    open[0]?.resolve(withReserve);
    await settled();
    expect(probe.sample()).toEqual({ ratio: 0.75, readings: { available_bytes: 25 * 4096, total_bytes: 100 * 4096 } });
  });

  test('of a mount that hangs is asked for once, and has no reading after five seconds until it answers', async () => {
    const { clock, probe, open, settled } = disk();
    open[0]?.resolve({ bavail: 50, blocks: 100, bsize: 1 });
    await settled();
    clock.advance(30_000);
    expect(probe.sample()?.ratio).toBe(0.5); // the question goes out, the older answer stands
    clock.advance(5_000);
    expect(probe.sample()?.ratio).toBe(0.5);
    for (let i = 0; i < 20; i++) {
      clock.advance(5_000);
      expect(probe.sample()).toBeUndefined();
    }
    expect(open).toHaveLength(2);
    open[1]?.resolve({ bavail: 10, blocks: 100, bsize: 1 });
    await settled();
    expect(probe.sample()?.ratio).toBe(0.9);
  });

  test('is asked for every 30 s', async () => {
    const { clock, probe, open, settled } = disk();
    for (let i = 0; i < 24; i++) {
      open.at(-1)?.resolve({ bavail: 50, blocks: 100, bsize: 1 });
      await settled();
      clock.advance(5_000);
      probe.sample();
    }
    expect(open).toHaveLength(5);
  });

  test('that the system refuses to tell leaves the probe out, with its reason', async () => {
    const { probe, open, settled } = disk();
    open[0]?.reject(new Error('ENOENT: no such file or directory, statfs'));
    await settled();
    expect(() => probe.sample()).toThrow('ENOENT');
  });

  test('of a pseudo file system, which has no blocks, is never full', async () => {
    const { probe, open, settled } = disk();
    open[0]?.resolve({ bavail: 0, blocks: 0, bsize: 4096 });
    await settled();
    expect(probe.sample()?.ratio).toBe(0);
  });

  test('is what statfs says here', async () => {
    const probe = diskSpace('disk-space-cwd', process.cwd());
    await expect.poll(() => probe.sample()?.readings['total_bytes']).toBeDefined();
    const { blocks, bsize } = statfsSync(process.cwd());
    expect(probe.sample()?.readings['total_bytes']).toBe(blocks * bsize);
  });
});
