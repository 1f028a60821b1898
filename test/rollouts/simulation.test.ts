import { describe, expect, test } from 'vitest';
import { metricEvidence } from '../../src/rollouts/evidence.js';
import { Family } from '../../src/rollouts/evidence-family.js';
import { Ledger } from '../../src/rollouts/evidence-sums.js';
import { LATENCY_BOUNDARIES } from '../../src/signals/latency-buckets.js';
import { seeded } from './random.js';
import {
  evidenceRule,
  peekedZ,
  type Scenario,
  simulate,
  simulateLatency,
  TICK_SECONDS,
  thresholdRule,
  ticksOf,
} from './simulation.js';

/** Seeded: each figure is the same on every machine. The bench has the same with 2000 runs. */
const RUNS = 200;
const steady = (rate: number) => () => rate;
const incident = (at: number): number => (at >= 120 && at < 180 ? 0.08 : 0.01);
const canary = (scenario: Pick<Scenario, 'control' | 'canary'> & Partial<Scenario>): Scenario => ({
  rps: 100,
  share: 0.05,
  ...scenario,
});
const rules = { evidence: evidenceRule };

describe('an hour of looks, ten seconds apart, at a canary of 5 %', () => {
  test.each([
    ['is no different', 100, canary({ control: steady(0.01), canary: steady(0.01) }), 0.005],
    ['is no different, under load', 1000, canary({ control: steady(0.01), canary: steady(0.01) }), 0.005],
    ['shares an incident', 100, canary({ control: incident, canary: incident }), 0.005],
    ['is a fifth worse', 1000, canary({ control: steady(0.01), canary: steady(0.012) }), 0.005],
    ['has errors in clusters of 3', 100, canary({ control: steady(0.01), canary: steady(0.01), cluster: 3 }), 0.035],
  ])('leaves alone what %s (%i requests per second)', (_name, rps, scenario, most) => {
    expect(simulate({ ...scenario, rps }, rules, RUNS).evidence.found).toBeLessThanOrEqual(most);
  });

  test.each([
    ['1 -> 10 %', 100, 0.1, 30],
    ['1 -> 10 %', 1000, 0.1, 30],
    ['1 -> 3 %', 100, 0.03, 300],
    ['1 -> 3 %', 1000, 0.03, 30],
  ])('finds %s at %i requests per second', (_name, rps, rate, withinSeconds) => {
    const { evidence } = simulate(canary({ rps, control: steady(0.01), canary: steady(rate) }), rules, RUNS);
    expect(evidence.found).toBe(1);
    expect(evidence.medianSeconds).toBeLessThanOrEqual(withinSeconds);
  });

  test('finds what begins after three hours', () => {
    const onset = 1080;
    const late = canary({ control: steady(0.01), canary: (at) => (at < onset ? 0.01 : 0.03), ticks: onset + 360 });
    const { evidence } = simulate(late, rules, 20, { from: onset });
    expect(evidence.found).toBe(1);
    expect(evidence.medianSeconds).toBeLessThan(800);
  });

  test('what people write by hand blames a canary for an incident that it shares, and a peeked test blames it for nothing', () => {
    const naive = simulate(
      canary({ control: incident, canary: incident }),
      { over: thresholdRule, peeked: peekedZ },
      100,
    );
    expect(naive.over.found).toBeGreaterThan(0.9);
    expect(naive.peeked.found).toBeGreaterThan(0.05);
  });

  test.each([
    ['is the same', () => 1, 0, 0],
    ['has a tail that is half as slow again', (q: number) => (q > 0.95 ? 1.5 : 1), 1, 320],
  ])('of latency that %s', (_name, slower, found, withinSeconds) => {
    const runs = simulateLatency({ rps: 100, share: 0.05, boundaries: LATENCY_BOUNDARIES, slower }, 30);
    expect(runs.found).toBe(found);
    if (found > 0) expect(runs.medianSeconds).toBeLessThanOrEqual(withinSeconds);
  });
});

/** The seconds until processes that share the load have seen enough together; NaN: not within the hour. */
function secondsUntil(enough: 'promote' | 'rollback', scenario: Scenario, seed: number, processes = 1): number {
  const next = ticksOf({ ...scenario, rps: scenario.rps / processes }, seeded(seed));
  const families = Array.from({ length: processes }, () => new Family('errors', { tolerance: 1.5, interval: false }));
  const sums = new Ledger();
  for (let at = 0; at < 360; at++) {
    for (const family of families) {
      const increments: Record<string, readonly number[]> = {};
      family.tick(next(at), { tick: at, stage: 0 }, increments);
      sums.add(increments);
    }
    const evidence = metricEvidence('errors', sums, { tick: at, stage: 0, alpha: 0.01, tests: 2 });
    if (evidence[enough]) return (at + 1) * TICK_SECONDS;
  }
  return Number.NaN;
}

describe('promotion', () => {
  const seconds = (scenario: Scenario): number[] =>
    Array.from({ length: 60 }, (_, run) => secondsUntil('promote', scenario, run)).filter((at) => !Number.isNaN(at));

  test('of a canary that is as good takes minutes', () => {
    const found = seconds(canary({ control: steady(0.01), canary: steady(0.01) })).sort((a, b) => a - b);
    expect(found.length).toBe(60);
    expect(found[30]).toBeLessThan(640);
  });

  test('of one that is twice as bad does not happen, also with errors in clusters', () => {
    const twice = canary({ control: steady(0.01), canary: steady(0.02) });
    expect(seconds(twice).length).toBeLessThanOrEqual(5);
    expect(seconds({ ...twice, cluster: 3 }).length).toBeLessThanOrEqual(6);
  });

  test('on absolute proof needs no error of anybody', () => {
    const family = new Family('errors', { tolerance: 1.5, mostBad: 0.005 });
    const sums = new Ledger();
    const asked = () => metricEvidence('errors', sums, { tick: 0, stage: 0, alpha: 0.01, tests: 2 }).promote;
    const requests: number[] = [];
    for (let sent = 50; sent <= 900; sent += 50) {
      const increments: Record<string, readonly number[]> = {};
      family.tick(
        { control: { total: 950, bad: 0 }, canary: { total: 50, bad: 0 } },
        { tick: 0, stage: 0 },
        increments,
      );
      sums.add(increments);
      if (asked()) requests.push(sent);
    }
    expect(requests[0]).toBeGreaterThan(600);
    expect(requests[0]).toBeLessThanOrEqual(900);
  });
});

describe('the range of a ratio, looked at every ten seconds for an hour', () => {
  test.each([
    [0.5, 0.5],
    [1, 0.5],
    [1, 0.05],
    [2, 0.5],
  ])('leaves a true ratio of %f out in one test of twenty at most, at a share of %f', (ratio, share) => {
    const runs = 300;
    let missed = 0;
    for (let run = 0; run < runs; run++) {
      const next = ticksOf({ rps: 100, share, control: steady(0.01), canary: steady(0.01 * ratio) }, seeded(run));
      const family = new Family('errors', { tolerance: 1.5 });
      const sums = new Ledger();
      for (let at = 0; at < 360; at++) {
        const increments: Record<string, readonly number[]> = {};
        family.tick(next(at), { tick: at, stage: 0 }, increments);
        sums.add(increments);
        const { low, high } = metricEvidence('errors', sums, { tick: at, stage: 0, alpha: 0.01, tests: 1 }).ratio;
        if (low === null || high === null || (low <= ratio && ratio <= high)) continue;
        missed++;
        break;
      }
    }
    expect(missed / runs).toBeLessThanOrEqual(0.05);
  });
});

describe('twenty processes that add their evidence', () => {
  test('find 1 -> 3 % about as soon as one that saw all of it', () => {
    const scenario = canary({ rps: 1000, control: steady(0.01), canary: steady(0.03) });
    const median = (processes: number): number => {
      const seconds = Array.from({ length: 40 }, (_, run) => secondsUntil('rollback', scenario, run, processes));
      return seconds.sort((a, b) => a - b)[20] ?? Number.NaN;
    };
    expect(median(20)).toBeLessThanOrEqual(median(1) + TICK_SECONDS);
  });
});
