import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metricEvidence, type Question } from '../../src/rollouts/evidence.js';
import { Dispersion } from '../../src/rollouts/evidence-dispersion.js';
import { Family } from '../../src/rollouts/evidence-family.js';
import { INTERVAL_GRID, ratioInterval } from '../../src/rollouts/evidence-interval.js';
import { LastMinute } from '../../src/rollouts/evidence-lanes.js';
import { FEWEST_SAMPLES, LatencyFamilies } from '../../src/rollouts/evidence-latency.js';
import { logLikelihoods, logMeanExp, rollbackGrid, type Tick } from '../../src/rollouts/evidence-ratio.js';
import { SplitCheck } from '../../src/rollouts/evidence-split.js';
import { BLOCK_TICKS, blockOf, KEPT_RESTARTS, Ledger } from '../../src/rollouts/evidence-sums.js';
import { LATENCY_BOUNDARIES } from '../../src/signals/latency-buckets.js';

const QUESTION: Question = { tick: 0, stage: 0, alpha: 0.01, tests: 2 };
const tick = (na: number, ba: number, nb: number, bb: number): Tick => ({
  control: { total: na, bad: ba },
  canary: { total: nb, bad: bb },
});

function summed(
  ticks: readonly Tick[],
  family = new Family('errors', { tolerance: 1.5 }),
  into = new Ledger(),
): Ledger {
  ticks.forEach((each, at) => {
    const increments: Record<string, readonly number[]> = {};
    family.tick(each, { tick: at, stage: 0 }, increments);
    into.add(increments);
  });
  return into;
}

describe('the grid of ratios', () => {
  test('has the twelve points of a tolerance of 1.5', () => {
    const expected = [1.875, 2.52, 3.38, 4.54, 6.1, 8.19, 10.99, 14.8, 19.8, 26.6, 35.7, 48];
    rollbackGrid(1.5).forEach((ratio, j) => {
      expect(ratio / (expected[j] ?? 0)).toBeCloseTo(1, 2);
    });
    expect(rollbackGrid(1.5)).toHaveLength(12);
  });

  test('says what the binomial says, by hand: 1 of 2 bad on half of the requests, ratio 3 against 1', () => {
    const [sum] = logLikelihoods([3], 1, tick(10, 1, 10, 1));
    expect(sum).toBeCloseTo(Math.log((0.75 * 0.25) / (0.5 * 0.5)), 12);
  });
});

describe('the mean of exponentials', () => {
  test('neither overflows nor underflows', () => {
    expect(logMeanExp([1e4, 1e4])).toBe(1e4);
    expect(logMeanExp([-1e4, -1e4])).toBe(-1e4);
    expect(logMeanExp([Number.NEGATIVE_INFINITY])).toBe(Number.NEGATIVE_INFINITY);
    expect(logMeanExp([Math.log(2), Math.log(4)], [3, 1])).toBeCloseTo(Math.log(2.5), 12);
  });
});

const counts = fc.record({
  na: fc.integer({ min: 1, max: 2000 }),
  nb: fc.integer({ min: 1, max: 2000 }),
  ba: fc.integer({ min: 0, max: 30 }),
  bb: fc.integer({ min: 0, max: 30 }),
});
const ticks = fc
  .array(counts, { minLength: 1, maxLength: 80 })
  .map((all) => all.map(({ na, nb, ba, bb }) => tick(na, Math.min(na, ba), nb, Math.min(nb, bb))));

describe('evidence', () => {
  test('does not move by ticks without bad events', () => {
    fc.assert(
      fc.property(ticks, (all) => {
        const quiet = all.map(({ control, canary }) => tick(control.total, 0, canary.total, 0));
        expect(summed(quiet).logE('ratio.errors', 0)).toBe(0);
      }),
    );
  });

  test('never rises while nothing of the canary is bad', () => {
    fc.assert(
      fc.property(ticks, (all) => {
        const sums = new Ledger();
        const family = new Family('errors', { tolerance: 1.5 });
        let last = 0;
        all.forEach(({ control, canary }, at) => {
          const increments: Record<string, readonly number[]> = {};
          family.tick(tick(control.total, control.bad, canary.total, 0), { tick: at, stage: 0 }, increments);
          sums.add(increments);
          const now = sums.logE('ratio.errors', blockOf(at));
          expect(now).toBeLessThanOrEqual(last + 1e-9);
          last = now;
        });
      }),
    );
  });

  test('of processes adds up to that of their requests together, where the share is the same', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9), fc.nat(9)), { maxLength: 5 }), (all) => {
        // Five ticks at most: no dispersion is assumed yet.
        const one = summed(all.map(([a, b]) => tick(900, a, 100, b)));
        const two = summed(all.map(([, , a, b]) => tick(1800, a, 200, b)));
        const both = summed(all.map(([a, b, c, d]) => tick(2700, a + c, 300, b + d)));
        one.add(two.read());
        expect(one.logE('ratio.errors', 0)).toBeCloseTo(both.logE('ratio.errors', 0), 9);
        expect(one.read()['count.errors']).toEqual(both.read()['count.errors']);
      }),
    );
  });

  test('takes a canary back that is ten times as bad, after three ticks of it and no sooner', () => {
    const bad = Array.from({ length: 3 }, () => tick(950, 10, 50, 10));
    const asked = (n: number) => metricEvidence('errors', summed(bad.slice(0, n)), { ...QUESTION, tick: n - 1 });
    expect(asked(2)).toMatchObject({ rollback: false, badTicks: 2 });
    expect(asked(2).logE).toBeGreaterThan(asked(2).limit);
    expect(asked(3)).toMatchObject({ rollback: true, canary: { total: 150, bad: 30 } });
  });

  test('of many canaries asks more of each', () => {
    const { limit } = metricEvidence('errors', new Ledger(), { ...QUESTION, tests: 6 });
    expect(limit).toBeCloseTo(Math.log(600), 12);
  });

  test('forgets blocks that no restart needs, and stays the same', () => {
    const many = Array.from({ length: BLOCK_TICKS * (KEPT_RESTARTS + 4) }, (_, i) =>
      tick(950, 9, 50, i % 3 === 0 ? 1 : 0),
    );
    const sums = summed(many);
    const block = blockOf(many.length - 1);
    const before = sums.logE('ratio.errors', block);
    const held = sums.countOf('ratio.errors');
    sums.trim(block);
    expect(sums.logE('ratio.errors', block)).toBe(before);
    expect(held).toBe(KEPT_RESTARTS + 4);
    expect(sums.countOf('ratio.errors')).toBe(KEPT_RESTARTS);
  });

  test('weighs all copies there may ever be 1: a test that says nothing says 1', () => {
    const sums = new Ledger();
    sums.add({ 'ratio.errors': new Array<number>(12).fill(0) });
    for (const block of [0, 1, 7, 36]) expect(sums.logE('ratio.errors', block)).toBeCloseTo(0, 12);
  });
});

describe('dispersion', () => {
  test('is 1 before six differences, and what variance over mean is for bursts after that', () => {
    const dispersion = new Dispersion();
    const bursts = [0, 30, 0, 0, 30, 0, 0, 30, 0, 0, 30, 0];
    for (const bad of bursts.slice(0, 6)) dispersion.add(bad);
    expect(dispersion.phi).toBe(1);
    for (const bad of bursts.slice(6)) dispersion.add(bad);
    expect(dispersion.phi).toBeCloseTo((8 * 900) / 22 / 10, 9);
  });

  test('is 1 for what is as even as independent events, and for none at all', () => {
    const even = new Dispersion();
    const none = new Dispersion();
    for (const bad of [9, 11, 8, 12, 10, 9, 7, 12, 10]) {
      even.add(bad);
      none.add(0);
    }
    expect([even.phi, none.phi]).toEqual([1, 1]);
    expect([even.known, none.known]).toEqual([true, false]);
  });
});

describe('latency', () => {
  const bucket = (seconds: number): number => LATENCY_BOUNDARIES.findIndex((boundary) => seconds <= boundary);
  const histogram = (...given: [seconds: number, count: number][]): number[] => {
    const all = new Array<number>(LATENCY_BOUNDARIES.length + 1).fill(0);
    for (const [seconds, count] of given) all[bucket(seconds)] = count;
    return all;
  };
  const usual = histogram([0.05, 890], [0.2, 95], [0.3, 15]);

  test('is not judged before there are thresholds, and never by the tick that they come from', () => {
    const families = new LatencyFamilies(LATENCY_BOUNDARIES, { tolerance: 1.5 });
    const increments: Record<string, readonly number[]> = {};
    families.tick({ control: usual, canary: usual }, { tick: 0, stage: 0 }, increments);
    expect(increments).toEqual({});
    expect(families.samples).toBeGreaterThan(FEWEST_SAMPLES);
    const [p90 = 0, p99 = 0, tail = 0] = families.thresholds;
    expect(p90).toBeGreaterThan(0.17);
    expect(p90).toBeLessThan(0.22);
    expect(p99).toBeGreaterThan(0.27);
    expect(tail / p99).toBeGreaterThan(1.15);
    families.tick({ control: usual, canary: histogram([9, 50]) }, { tick: 1, stage: 0 }, increments);
    expect(increments['count.latency.p90']?.slice(2)).toEqual([50, 50]);
  });

  test('beyond all buckets is slow all the same', () => {
    const families = new LatencyFamilies([0.1, 0.2], { tolerance: 1.5 });
    const increments: Record<string, readonly number[]> = {};
    families.tick({ control: [0, 0, 1000], canary: [0, 0, 5] }, { tick: 0, stage: 0 }, increments);
    families.tick({ control: [1000, 0, 0], canary: [0, 0, 5] }, { tick: 1, stage: 0 }, increments);
    expect(increments['count.latency.p99']).toEqual([1000, 0, 5, 5]);
  });
});

describe('the last minute', () => {
  test.each([
    ['half of the canary fails, the control does not', tick(100, 5, 20, 10), true, false],
    ['too few requests', tick(100, 5, 19, 19), false, false],
    ['the control fails too', tick(100, 10, 20, 20), false, true],
    ['a canary that is bad, not broken', tick(100, 0, 20, 9), false, false],
    ['too little of the control', tick(19, 0, 20, 20), false, false],
  ])('%s', (_name, only, broken, bothBad) => {
    const minute = new LastMinute(6, 0.05);
    minute.add(only);
    expect(minute.read()).toMatchObject({ broken, bothBad });
  });

  test('forgets what is older, and counts ticks without requests', () => {
    const minute = new LastMinute(2, 0.05);
    minute.add(tick(100, 0, 30, 30));
    minute.add(tick(100, 0, 0, 0));
    expect(minute.read()).toMatchObject({ broken: true, silent: { control: 0, canary: 1 } });
    minute.add(tick(100, 0, 0, 0));
    expect(minute.read()).toMatchObject({ broken: false, silent: { control: 0, canary: 2 } });
    minute.add(tick(1, 0, 1, 0));
    expect(minute.read().silent).toEqual({ control: 0, canary: 0 });
  });
});

describe('the interval of the ratio', () => {
  const sumsOf = (na: number, ba: number, nb: number, bb: number) =>
    logLikelihoods(INTERVAL_GRID, 1, tick(na, ba, nb, bb));

  test('says plainly that there is too little data', () => {
    expect(ratioInterval(sumsOf(100, 4, 100, 5), 9)).toEqual({
      low: null,
      high: null,
      open: false,
      missing: 'not enough data: 9 of 10 events',
    });
    expect(ratioInterval(undefined, 0).missing).toContain('not enough');
  });

  test('holds the ratio that was seen, and narrows with data', () => {
    const few = ratioInterval(sumsOf(1000, 20, 1000, 40), 60);
    const many = ratioInterval(sumsOf(100_000, 2000, 100_000, 4000), 6000);
    for (const { low, high } of [few, many]) {
      expect(low ?? 9).toBeLessThan(2);
      expect(high ?? 0).toBeGreaterThan(2);
    }
    expect((many.high ?? 9) / (many.low ?? 1)).toBeLessThan(1.5);
    expect((few.high ?? 0) / (few.low ?? 1)).toBeGreaterThan(2);
  });

  test('is open where the grid ends', () => {
    const far = ratioInterval(sumsOf(1000, 0, 1000, 400), 400);
    expect(far).toMatchObject({ high: Number.POSITIVE_INFINITY, open: true, missing: null });
    expect(ratioInterval(sumsOf(1000, 400, 1000, 0), 400)).toMatchObject({ low: 0, open: false });
  });
});

describe('the check of the split', () => {
  test('finds ten per cent instead of five, and lets five be', () => {
    const wrong = new SplitCheck();
    const right = new SplitCheck();
    for (let i = 0; i < 30; i++) {
      wrong.add(900, 100, 0.05);
      right.add(950, 50, 0.05);
    }
    expect([wrong.wrong, right.wrong]).toEqual([true, false]);
  });
});
