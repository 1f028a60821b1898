import { expect, test, vi } from 'vitest';
import type { Reading } from '../../src/core/saturation.js';
import type { Probe } from '../../src/saturation/probe.js';

const UNITS = /^[a-z0-9]+(_[a-z0-9]+)*_(bytes|seconds|cpus|ratio|count)$/;

/** What every probe of the table owes the monitor. */
export function probeContract(name: string, create: () => Probe): void {
  const withProbe = async (work: (probe: Probe) => unknown): Promise<void> => {
    const probe = create();
    try {
      await work(probe);
    } finally {
      probe.dispose?.();
    }
  };
  const firstReading = (probe: Probe): Promise<Reading> =>
    vi.waitFor(() => probe.sample() ?? expect.fail('no reading yet'), { timeout: 2_000, interval: 20 });

  test('bears the name it has in the table', () => withProbe((probe) => expect(probe.name).toBe(name)));

  test('has a reading within two seconds: a ratio from 0, and finite figures with their unit in the key', () =>
    withProbe(async (probe) => {
      const { ratio, readings } = await firstReading(probe);
      expect(ratio).toBeGreaterThanOrEqual(0);
      expect(ratio).toBeLessThan(Number.POSITIVE_INFINITY);
      expect(Object.keys(readings)).not.toEqual([]);
      for (const [key, value] of Object.entries(readings)) {
        expect(key).toMatch(UNITS);
        expect(value, key).toSatisfy(Number.isFinite);
      }
    }));

  test('gives plain data, new each time', () =>
    withProbe(async (probe) => {
      const first = await firstReading(probe);
      expect(JSON.parse(JSON.stringify(first))).toEqual(first);
      const kept = structuredClone(first);
      await firstReading(probe);
      expect(first).toEqual(kept);
    }));

  test('answers at once, never with a promise, however often it is asked', () =>
    withProbe((probe) => {
      for (let i = 0; i < 50; i++) expect(probe.sample()).not.toBeInstanceOf(Promise);
    }));

  test('a second one takes nothing away from the first', () =>
    withProbe(async (first) => {
      await withProbe(async (second) => {
        await firstReading(second);
        expect(await firstReading(first)).toBeDefined();
      });
      expect(await firstReading(first)).toBeDefined();
    }));

  test('keeps no process alive, neither while it lives nor after dispose: what it asks for ends by itself', async () => {
    const before = process.getActiveResourcesInfo().length;
    const isBack = async () => {
      for (let turns = 0; turns < 5_000 && process.getActiveResourcesInfo().length > before; turns++)
        await new Promise((resolve) => setImmediate(resolve));
      // What was there before may have ended by itself meanwhile.
      expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before);
    };
    await withProbe(async (probe) => {
      probe.sample();
      await isBack();
    });
    await isBack();
  });

  test('survives a second dispose', () => withProbe((probe) => probe.dispose?.()));
}
