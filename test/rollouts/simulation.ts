import { metricEvidence } from '../../src/rollouts/evidence.js';
import { Family } from '../../src/rollouts/evidence-family.js';
import { LatencyFamilies, type LatencyTick } from '../../src/rollouts/evidence-latency.js';
import type { Tick } from '../../src/rollouts/evidence-ratio.js';
import { Ledger } from '../../src/rollouts/evidence-sums.js';
import { clustered, poisson, seeded } from './random.js';

export const TICK_SECONDS = 10;
const HOUR = 360;

/** Bad rates by time; `cluster`: bad events per cluster, on average. */
export interface Scenario {
  readonly rps: number;
  readonly share: number;
  readonly control: (tick: number) => number;
  readonly canary: (tick: number) => number;
  readonly cluster?: number;
  readonly ticks?: number;
}

/** What each rule is asked at each look: true takes the canary back. */
export type Rule = (tick: Tick, at: number) => boolean;

export const ALPHA = 0.01;
export const TOLERANCE = 1.5;
/** Errors and latency share alpha. */
const TESTS = 2;

/** Fourlights' own: conditional rate ratio, tempered, restarted. */
export function evidenceRule(tests = TESTS): Rule {
  const family = new Family('errors', { tolerance: TOLERANCE, interval: false });
  const sums = new Ledger();
  return (tick, at) => {
    const increments: Record<string, readonly number[]> = {};
    family.tick(tick, { tick: at, stage: 0 }, increments);
    sums.add(increments);
    return metricEvidence('errors', sums, { tick: at, stage: 0, alpha: ALPHA, tests }).rollback;
  };
}

/** What people write by hand: more than 5 % over a minute, of at least 100 requests. */
export function thresholdRule(): Rule {
  const minute: Tick[] = [];
  return (tick) => {
    minute.push(tick);
    if (minute.length > 6) minute.shift();
    const total = minute.reduce((sum, { canary }) => sum + canary.total, 0);
    const bad = minute.reduce((sum, { canary }) => sum + canary.bad, 0);
    return total >= 100 && bad / total > 0.05;
  };
}

/** The textbook's test of two proportions at .01, looked at each tick as though it were the only look. */
export function peekedZ(critical = 2.326): Rule {
  const sum = { na: 0, ba: 0, nb: 0, bb: 0 };
  return ({ control, canary }) => {
    sum.na += control.total;
    sum.ba += control.bad;
    sum.nb += canary.total;
    sum.bb += canary.bad;
    const pooled = (sum.ba + sum.bb) / (sum.na + sum.nb);
    const error = Math.sqrt(pooled * (1 - pooled) * (1 / sum.na + 1 / sum.nb));
    return error > 0 && (sum.bb / sum.nb - sum.ba / sum.na) / error > critical;
  };
}

export function ticksOf(scenario: Scenario, random: () => number): (at: number) => Tick {
  const { rps, share, control, canary, cluster = 1 } = scenario;
  const side = (part: number, rate: number): { total: number; bad: number } => {
    const requests = rps * TICK_SECONDS * part;
    const bad = clustered(requests * rate, cluster, random);
    return { total: bad + poisson(requests * (1 - rate), random), bad };
  };
  return (at) => ({ control: side(1 - share, control(at)), canary: side(share, canary(at)) });
}

export interface Runs {
  readonly found: number;
  /** Seconds from `from` to the look that took the canary back; NaN when fewer than half were. */
  readonly medianSeconds: number;
  readonly p90Seconds: number;
}

/** Runs every rule on the same arrivals; `from`: the tick with which what is to be found begins. */
export function simulate<K extends string>(
  scenario: Scenario,
  rules: Readonly<Record<K, () => Rule>>,
  runs: number,
  { seed = 1, from = 0 } = {},
): Record<K, Runs> {
  const names = Object.keys(rules) as K[];
  const found = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let run = 0; run < runs; run++) {
    const next = ticksOf(scenario, seeded(seed * 100_003 + run));
    const asked = new Map(names.map((name) => [name, rules[name]()]));
    for (let at = 0; at < (scenario.ticks ?? HOUR) && asked.size > 0; at++) {
      const tick = next(at);
      for (const [name, rule] of asked) {
        if (!rule(tick, at)) continue;
        found[name].push((at - from + 1) * TICK_SECONDS);
        asked.delete(name);
      }
    }
  }
  return Object.fromEntries(names.map((name) => [name, summary(found[name], runs)])) as Record<K, Runs>;
}

export function summary(seconds: readonly number[], runs: number): Runs {
  const sorted = [...seconds].sort((a, b) => a - b);
  const at = (q: number): number => sorted[Math.ceil(q * runs) - 1] ?? Number.NaN;
  return { found: sorted.length / runs, medianSeconds: at(0.5), p90Seconds: at(0.9) };
}

/** Chance of each bucket for a lognormal latency whose slowest are stretched: `slower(z)` gives the factor at quantile z. */
export function bucketShares(boundaries: readonly number[], slower: (z: number) => number): number[] {
  const [median, sigma] = [0.05, Math.log(0.321 / 0.05) / 2.3263];
  const shares = new Array<number>(boundaries.length + 1).fill(0);
  const points = 20_000;
  for (let i = 0; i < points; i++) {
    const q = (i + 0.5) / points;
    const value = median * Math.exp(sigma * normalQuantile(q)) * slower(q);
    let at = boundaries.findIndex((boundary) => value <= boundary);
    if (at === -1) at = boundaries.length;
    shares[at] = (shares[at] as number) + 1 / points;
  }
  return shares;
}

/** Beasley, Springer and Moro. */
function normalQuantile(q: number): number {
  const y = q - 0.5;
  if (Math.abs(y) < 0.42) {
    const r = y * y;
    const above = y * (((-25.44106049637 * r + 41.39119773534) * r - 18.61500062529) * r + 2.50662823884);
    return above / ((((3.13082909833 * r - 21.06224101826) * r + 23.08336743743) * r - 8.4735109309) * r + 1);
  }
  const s = Math.log(-Math.log(y > 0 ? 1 - q : q));
  const c = [
    0.3374754822726147, 0.9761690190917186, 0.1607979714918209, 0.0276438810333863, 0.0038405729373609,
    0.0003951896511919, 0.0000321767881768, 0.0000002888167364, 0.0000003960315187,
  ];
  const x = c.reduceRight((sum, value) => sum * s + value, 0);
  return y > 0 ? x : -x;
}

export interface LatencyScenario {
  readonly rps: number;
  readonly share: number;
  readonly boundaries: readonly number[];
  readonly slower: (q: number) => number;
}

/** The latency test alone, on Poisson counts of buckets. */
export function simulateLatency(scenario: LatencyScenario, runs: number, seed = 1): Runs {
  const { rps, share, boundaries, slower } = scenario;
  const usual = bucketShares(boundaries, () => 1);
  const changed = bucketShares(boundaries, slower);
  const found: number[] = [];
  for (let run = 0; run < runs; run++) {
    const random = seeded(seed * 100_003 + run);
    const families = new LatencyFamilies(boundaries, { tolerance: TOLERANCE, interval: false });
    const sums = new Ledger();
    const side = (shares: number[], part: number): number[] =>
      shares.map((chance) => poisson(chance * rps * TICK_SECONDS * part, random));
    for (let at = 0; at < HOUR; at++) {
      const tick: LatencyTick = { control: side(usual, 1 - share), canary: side(changed, share) };
      const increments: Record<string, readonly number[]> = {};
      families.tick(tick, { tick: at, stage: 0 }, increments);
      sums.add(increments);
      if (!metricEvidence('latency', sums, { tick: at, stage: 0, alpha: ALPHA, tests: TESTS }).rollback) continue;
      found.push((at + 1) * TICK_SECONDS);
      break;
    }
  }
  return summary(found, runs);
}
