import { describe, expect, test } from 'vitest';
import type { AlertRule } from '../../src/alerts/rule.js';
import { random } from '../support/random.js';
import { type Chooser, promtoolFiles, runEngine, type Seen, settledRule } from './agreement.js';
import { hasPromtool, testRules } from './promtool.js';

const SERIES = 200;
const RULES = 20;
const STEPS = 120;
const FIRE = 0.9;
const RESOLVE = 0.8;
const MIN_SAMPLES = 50;
const TIMES = ['0s', '10s', '30s', '40s'] as const;
const NO_DATA = ['keep', 'resolve', 'fire'] as const;
const common = { name: 'Agreed', severity: 'warning', action: 'compare the two of them', window: '1m' } as const;

/** Any of the rules that there can be on a gauge or on a share of samples. */
function ruleOf(next: () => number): AlertRule {
  const pick = <T>(all: readonly [T, ...T[]]): T => all[Math.floor(next() * all.length)] ?? all[0];
  const isGauge = next() < 0.5;
  const shared = {
    ...common,
    for: pick(TIMES),
    keepFiringFor: pick(TIMES),
    noData: pick(NO_DATA),
    signal: isGauge ? 'saturation:*' : 'route.errors.ratio',
    minSamples: isGauge ? 0 : MIN_SAMPLES,
  } as const;
  return next() < 0.5
    ? { ...shared, fireAbove: FIRE, resolveBelow: next() < 0.2 ? FIRE : RESOLVE }
    : { ...shared, fireBelow: RESOLVE, resolveAbove: next() < 0.2 ? RESOLVE : FIRE };
}

/**
 * Values that stay for a while where they are: above, between, below, on a threshold; now and then too few samples or none.
 * Two things are left out, as Prometheus has no clock that stands still (see the last tests): too little while it is
 * pending, and too little or nothing while it recovers. After three episodes it stays quiet: beyond that the process damps what flaps, and
 * Prometheus does not.
 */
function chooser(next: () => number, sampled: boolean, quiet: number): Chooser {
  let level = 0.5;
  let episodes = 0;
  let before = 'inactive';
  return (state) => {
    if (state === 'resolved' && before !== 'resolved') episodes++;
    before = state;
    if (episodes >= 3) return { value: quiet, samples: 100 };
    if (next() < 0.25) level = next();
    const value = valueAt(level, next);
    const chance = next();
    const seen: Seen = { value, samples: 100 };
    if (state === 'recovering') return seen;
    if (sampled && state !== 'pending' && chance < 0.08) return { value, samples: MIN_SAMPLES - 1 };
    return chance > 0.94 ? undefined : seen;
  };
}

function valueAt(level: number, next: () => number): number {
  if (level < 0.05) return FIRE;
  if (level < 0.1) return RESOLVE;
  if (level < 0.45) return FIRE + next() * 0.09 + 0.001;
  if (level < 0.75) return RESOLVE + next() * 0.1;
  return next() * 0.8;
}

const rules = Array.from({ length: RULES }, (_, seed) => ({ seed: seed + 1, rule: ruleOf(random(seed + 1)) }));

describe.skipIf(!hasPromtool)("the engine and Prometheus (skipped without Debian's package `prometheus`)", () => {
  let fired = 0;
  let series = 0;

  test.each(rules.map(({ seed, rule }) => [seed, described(rule), rule] as const))(
    'agree at every step, seed %i: %s',
    (seed, _text, given) => {
      const rule = settledRule(given);
      const next = random(1000 + seed);
      const quiet = rule.side === 'above' ? 0.1 : 0.99;
      const choosers = Array.from({ length: SERIES / RULES }, () => chooser(next, rule.minSamples > 0, quiet));
      const runs = runEngine(rule, choosers, STEPS);
      fired += runs.filter(({ firing }) => firing.includes(true)).length;
      series += runs.length;
      const { rules: file, tests } = promtoolFiles(rule, runs);
      expect(testRules(file, tests)).toMatchObject({ ok: true });
    },
  );

  test('that was 200 series, and most of them fired', () => {
    expect(series).toBe(SERIES);
    expect(fired).toBeGreaterThan(SERIES * 0.6);
  });

  test('a disagreement of one step would have been seen', () => {
    const rule = settledRule({ ...common, signal: 'saturation:*', fireAbove: FIRE, resolveBelow: RESOLVE, for: '30s' });
    const runs = runEngine(rule, [() => ({ value: 0.95, samples: 0 })], 12);
    const { rules: file, tests } = promtoolFiles(rule, runs);
    expect(testRules(file, tests).ok).toBe(true);
    const [run] = runs;
    const first = run?.firing.indexOf(true) ?? -1;
    expect(first).toBe(3);
    const late = { seen: run?.seen ?? [], firing: (run?.firing ?? []).map((fires, step) => fires && step > first) };
    expect(testRules(file, promtoolFiles(rule, [late]).tests).ok).toBe(false);
  });
});

describe.skipIf(!hasPromtool)('where they differ: the process can stop a clock, and Prometheus begins anew', () => {
  const rule = settledRule({
    ...{ ...common, signal: 'route.errors.ratio', fireAbove: FIRE, resolveBelow: RESOLVE, minSamples: MIN_SAMPLES },
    ...{ for: '40s', keepFiringFor: '40s' },
  });
  const bad: Seen = { value: 0.95, samples: 100 };
  const good: Seen = { value: 0.1, samples: 100 };
  const few: Seen = { value: 0.95, samples: 1 };

  const firstStep = (run: readonly Seen[], fires: boolean, from = 0): number => {
    let step = 0;
    const [made] = runEngine(rule, [() => run[step++]], run.length);
    return made?.firing.indexOf(fires, from) ?? -1;
  };

  const prometheusFires = (seen: readonly Seen[], step: number): boolean => {
    const firing = seen.map((_, index) => index === step);
    const { rules: file, tests } = promtoolFiles(rule, [{ seen, firing }]);
    const only = tests.replaceAll(
      / {6}- expr: .*\n {8}eval_time: (\d+)s\n {8}exp_samples:(?: \[\]\n|\n(?: {10}.*\n)+)/g,
      (text, at) => (Number(at) === step * 10 ? text : ''),
    );
    return testRules(file, only).ok;
  };

  test('too few samples while it is pending', () => {
    const seen = [bad, bad, few, bad, bad, bad, bad, bad, bad, bad];
    expect(firstStep(seen, true)).toBe(5);
    expect(prometheusFires(seen, 6)).toBe(false);
    expect(prometheusFires(seen, 7)).toBe(true);
  });

  test('too few samples while it recovers', () => {
    const seen = [bad, bad, bad, bad, bad, good, good, few, good, good, good, good, good];
    expect(firstStep(seen, false, 5)).toBe(10);
    expect(prometheusFires(seen, 11)).toBe(true);
    expect(prometheusFires(seen, 12)).toBe(false);
  });
});

function described({
  signal,
  for: hold,
  keepFiringFor,
  noData,
  fireAbove,
  resolveBelow,
  resolveAbove,
}: AlertRule): string {
  const side = fireAbove === undefined ? `below, resolves at ${resolveAbove}` : `above, resolves at ${resolveBelow}`;
  return `${signal} ${side}, for ${hold}, keeps ${keepFiringFor}, no data: ${noData}`;
}
