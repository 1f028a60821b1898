// What the evidence of a guarded rollout is worth, beside a threshold and a test of two proportions that are looked at as
// often. Poisson arrivals, a canary of 5 %, a look every 10 s for an hour; seeded. `node bench/rollouts.mjs [runs]`
import { root } from './harness/bench.mjs';
import { bundled } from './harness/bundle.mjs';

const EXPORTS = ["* from './test/rollouts/simulation.ts'", "* from './src/signals/latency-buckets.ts'"];
const RUNS = Number(process.argv[2] ?? 2000);

const { simulate, simulateLatency, evidenceRule, thresholdRule, peekedZ, LATENCY_BOUNDARIES } = await bundled(
  EXPORTS,
  root,
);

const RULES = { evidence: evidenceRule, 'over 5 % in a minute': thresholdRule, 'z-test at .01, peeked': peekedZ };
const steady = (rate) => () => rate;
const incident = (at) => (at >= 120 && at < 180 ? 0.08 : 0.01);

const HARMLESS = {
  'no difference, 1 %': { control: steady(0.01), canary: steady(0.01) },
  'no difference, .1 %': { control: steady(0.001), canary: steady(0.001) },
  'shared incident, 1 -> 8 %': { control: incident, canary: incident },
  'clustered errors, mean 3': { control: steady(0.01), canary: steady(0.01), cluster: 3 },
  'clustered errors, mean 10': { control: steady(0.01), canary: steady(0.01), cluster: 10 },
  'harmless, 1 -> 1.2 %': { control: steady(0.01), canary: steady(0.012) },
};
const HARMFUL = {
  '1 -> 3 %': { control: steady(0.01), canary: steady(0.03) },
  '1 -> 10 %': { control: steady(0.01), canary: steady(0.1) },
  '.1 -> 1 %': { control: steady(0.001), canary: steady(0.01) },
};
const LATE = { control: steady(0.01), canary: (at) => (at < 60 ? 0.01 : 0.03) };
const SLOWER = {
  'no difference': () => 1,
  'whole x 1.1 (harmless)': () => 1.1,
  'whole x 1.5': () => 1.5,
  'tail only, p99 + 50 %': (q) => (q > 0.9 ? 1 + (0.5 * Math.min(q - 0.9, 0.09)) / 0.09 : 1),
  'slowest 2 % x 1.5': (q) => (q > 0.98 ? 1.5 : 1),
};

const percent = (ratio) => `${(ratio * 100).toFixed(ratio > 0 && ratio < 0.1 ? 2 : 1)} %`;
const seconds = (value) => (Number.isNaN(value) ? 'under half found' : `${value} s`);
const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
const each = (scenario, options) =>
  [100, 1000].map((rps) => simulate({ rps, share: 0.05, ...scenario }, RULES, RUNS, options));

console.log(`${RUNS} runs\n\nTaken back although harmless, in an hour (100 / 1000 requests per second)\n`);
row(['', ...Object.keys(RULES)]);
row(['---', ...Object.keys(RULES).map(() => '---')]);
for (const [name, scenario] of Object.entries(HARMLESS)) {
  const [low, high] = each(scenario);
  row([name, ...Object.keys(RULES).map((rule) => `${percent(low[rule].found)} / ${percent(high[rule].found)}`)]);
}
console.log('\nMedian time until it is taken back\n');
row(['', ...Object.keys(RULES)]);
row(['---', ...Object.keys(RULES).map(() => '---')]);
for (const [name, scenario, options] of [
  ...Object.entries(HARMFUL),
  ['1 -> 3 % from minute 10, after that', LATE, { from: 60 }],
]) {
  const [low, high] = each(scenario, options);
  row([
    name,
    ...Object.keys(RULES).map((rule) => `${seconds(low[rule].medianSeconds)} / ${seconds(high[rule].medianSeconds)}`),
  ]);
}
console.log('\nLatency: taken back, median time (lognormal, p50 50 ms, p99 321 ms)\n');
row(['', '100 rps', '1000 rps']);
row(['---', '---', '---']);
for (const [name, slower] of Object.entries(SLOWER)) {
  const cells = [100, 1000].map((rps) => {
    const { found, medianSeconds } = simulateLatency(
      { rps, share: 0.05, boundaries: LATENCY_BOUNDARIES, slower },
      Math.ceil(RUNS / 4),
    );
    return `${percent(found)}, ${seconds(medianSeconds)}`;
  });
  row([name, ...cells]);
}
