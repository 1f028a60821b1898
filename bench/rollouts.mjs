// What the evidence of a guarded rollout is worth, beside a threshold and a test of two proportions that are looked at as
// often. Fails where the evidence is worse than what docs/rollouts.md promises. Poisson arrivals, a canary of 5 %, a look every 10 s for an hour; seeded. `node bench/rollouts.mjs [runs]`
import { root } from './harness/bench.mjs';
import { bundled } from './harness/bundle.mjs';

const EXPORTS = ["* from './test/rollouts/simulation.ts'", "* from './src/signals/latency-buckets.ts'"];
const ENOUGH = 2000; // in fewer runs one that is taken back is more than is promised
const RUNS = Number(process.argv[2] ?? ENOUGH);

const { simulate, simulateLatency, evidenceRule, thresholdRule, peekedZ, LATENCY_BOUNDARIES } = await bundled(
  EXPORTS,
  root,
);

const RULES = { evidence: evidenceRule, 'over 5 % in a minute': thresholdRule, 'z-test at .01, peeked': peekedZ };
const steady = (rate) => () => rate;
const incident = (at) => (at >= 120 && at < 180 ? 0.08 : 0.01);

/** `most`: share of harmless canaries that may be taken back; `within`: seconds, at 100 and at 1000 requests per second. */
const HARMLESS = {
  'no difference, 1 %': { control: steady(0.01), canary: steady(0.01), most: 0.001 },
  'no difference, .1 %': { control: steady(0.001), canary: steady(0.001), most: 0.001 },
  'shared incident, 1 -> 8 %': { control: incident, canary: incident, most: 0.001 },
  'clustered errors, mean 3': { control: steady(0.01), canary: steady(0.01), cluster: 3, most: 0.025 },
  'clustered errors, mean 10': { control: steady(0.01), canary: steady(0.01), cluster: 10 },
  'harmless, 1 -> 1.2 %': { control: steady(0.01), canary: steady(0.012) },
};
const HARMFUL = {
  '1 -> 3 %': { control: steady(0.01), canary: steady(0.03), within: [300, 30] },
  '1 -> 10 %': { control: steady(0.01), canary: steady(0.1), within: [30, 30] },
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

const WITHIN = { 'tail only, p99 + 50 %': [320, 60] };

const broken = [];
const promised = (what, value, most) => {
  if (most !== undefined && RUNS >= ENOUGH && !(value <= most))
    broken.push(`${what}: ${value}, promised at most ${most}`);
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
  for (const { evidence } of [low, high]) promised(`${name}, taken back`, evidence.found, scenario.most);
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
  for (const [i, { evidence }] of [low, high].entries())
    promised(`${name}, seconds`, evidence.medianSeconds, scenario.within?.[i]);
  row([
    name,
    ...Object.keys(RULES).map((rule) => `${seconds(low[rule].medianSeconds)} / ${seconds(high[rule].medianSeconds)}`),
  ]);
}
console.log('\nLatency: taken back, median time (lognormal, p50 50 ms, p99 321 ms)\n');
row(['', '100 rps', '1000 rps']);
row(['---', '---', '---']);
for (const [name, slower] of Object.entries(SLOWER)) {
  const cells = [100, 1000].map((rps, i) => {
    const { found, medianSeconds } = simulateLatency(
      { rps, share: 0.05, boundaries: LATENCY_BOUNDARIES, slower },
      Math.ceil(RUNS / 4),
    );
    promised(`${name}, seconds`, medianSeconds, WITHIN[name]?.[i]);
    return `${percent(found)}, ${seconds(medianSeconds)}`;
  });
  row([name, ...cells]);
}

for (const one of broken) console.error(`worse than promised: ${one}`);
process.exitCode = broken.length === 0 ? 0 : 1;
