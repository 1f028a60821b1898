import { type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { describe, expect, test } from 'vitest';
import { gc } from '../../src/saturation/gc.js';
import { GcWatch } from '../../src/saturation/gc-watch.js';
import { manualClock } from '../../src/testing/manual-clock.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Fills memory fast enough for many collections between two turns of the loop, and keeps some of it for the major ones. */
function litter(rounds: number): void {
  let kept: unknown[] = [];
  for (let i = 0; i < rounds; i++) {
    kept.push(Array.from({ length: 2_000 }, (_, n) => ({ n, text: `${i}-${n}` })));
    if (i % 40 === 0) kept = [];
  }
}

describe('pauses', () => {
  test('are counted exactly as a second observer counts them, by kind, though they come in batches', async () => {
    const reference: PerformanceEntry[] = [];
    let largestBatch = 0;
    const observer = new PerformanceObserver((list) => {
      largestBatch = Math.max(largestBatch, list.getEntries().length);
      reference.push(...list.getEntries());
    });
    const watch = new GcWatch();
    observer.observe({ entryTypes: ['gc'] });
    watch.open();
    for (let i = 0; i < 8; i++) {
      litter(200);
      await turn();
    }
    await turn();
    await turn();
    observer.disconnect();
    watch.catchUp();
    watch.close();

    const { minor, major, incremental, weakcb } = watch.totals;
    const counted = [minor, major, incremental, weakcb];
    const kinds: Record<number, number> = {};
    for (const entry of reference) {
      const { kind } = (entry as unknown as { detail: { kind: number } }).detail;
      kinds[kind] = (kinds[kind] ?? 0) + 1;
    }
    console.info(`gc: ${reference.length} entries, by kind ${JSON.stringify(kinds)}, largest batch ${largestBatch}`);
    expect(largestBatch).toBeGreaterThan(1);
    expect(minor.count).toBe((kinds[1] ?? 0) + (kinds[2] ?? 0));
    expect([major.count, incremental.count, weakcb.count]).toEqual([kinds[4] ?? 0, kinds[8] ?? 0, kinds[16] ?? 0]);
    expect(counted.reduce((sum, { count }) => sum + count, 0)).toBe(reference.length);
    const seconds = reference.reduce((sum, { duration }) => sum + duration / 1e3, 0);
    expect(counted.reduce((sum, total) => sum + total.seconds, 0)).toBeCloseTo(seconds, 9);
    for (const { count, counts } of counted) expect(counts.reduce((sum, each) => sum + each, 0)).toBe(count);
  });

  test('are watched by one listener for all probes, until the last of them is gone', async () => {
    const watch = new GcWatch();
    const probes = [gc({ watch }), gc({ watch })];
    probes[0]?.dispose?.();
    probes[0]?.dispose?.();
    litter(200);
    await turn();
    await turn();
    const before = watch.totals.minor.count;
    expect(before).toBeGreaterThan(0);
    probes[1]?.dispose?.();
    litter(200);
    await turn();
    await turn();
    watch.catchUp();
    expect(watch.totals.minor.count).toBe(before);
  });
});

describe('gc', () => {
  test('is the share of the time since the last sample that went to pauses', () => {
    const [watch, clock] = [new GcWatch(), manualClock()];
    const probe = gc({ watch, clock });
    watch.close(); // only what is added here
    watch.totals.minor.add(0.1);
    watch.totals.minor.add(0.1);
    watch.totals.major.add(0.3);
    clock.advance(2_000);
    expect(probe.sample()).toEqual({
      ratio: 0.25,
      readings: {
        pause_count: 3,
        minor_seconds: 0.2,
        major_seconds: 0.3,
        incremental_seconds: 0,
        weakcb_seconds: 0,
      },
    });
    clock.advance(1_000);
    expect(probe.sample()).toMatchObject({ ratio: 0, readings: { pause_count: 0, minor_seconds: 0 } });
  });

  test('says nothing over less than 50 ms, and counts those pauses in the next sample', () => {
    const [watch, clock] = [new GcWatch(), manualClock()];
    const probe = gc({ watch, clock });
    watch.close();
    watch.totals.minor.add(0.02);
    clock.advance(40);
    expect(probe.sample()).toBeUndefined();
    clock.advance(60);
    expect(probe.sample()?.ratio).toBeCloseTo(0.2, 9);
  });
});
