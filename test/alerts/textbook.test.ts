import { expect, test } from 'vitest';
import { Watch } from './harness.js';
import { saturationOf } from './snapshot.js';

const cpu = {
  name: 'CpuHigh',
  severity: 'warning',
  signal: 'saturation:cpu',
  fireAbove: 0.9,
  resolveBelow: 0.8,
  action: 'add instances or raise the limit of the CPU',
} as const;

test('81, 79, 81 and 78 % around 80, a quarter of an hour each, wake nobody', async () => {
  const watch = new Watch([cpu]);
  for (const ratio of [0.81, 0.79, 0.81, 0.78]) await watch.during(15, saturationOf(ratio));
  expect(watch.told).toEqual([]);
});

test('the same tells four times where one threshold of 80 is all there is', async () => {
  const watch = new Watch([{ ...cpu, fireAbove: 0.8, resolveBelow: 0.8, for: 0, keepFiringFor: 0 }]);
  for (const ratio of [0.81, 0.79, 0.81, 0.78]) await watch.during(15, saturationOf(ratio));
  expect(watch.words).toEqual(['firing CpuHigh', 'resolved CpuHigh', 'firing CpuHigh', 'resolved CpuHigh']);
});

test('91 % for five minutes fires once, 85 % holds it, 79 % resolves it once', async () => {
  const watch = new Watch([cpu]);
  await watch.during(5, saturationOf(0.91));
  expect(watch.told).toEqual([]);
  await watch.during(1, saturationOf(0.91));
  expect(watch.words).toEqual(['firing CpuHigh']);
  await watch.during(60, saturationOf(0.85));
  expect(watch.words).toEqual(['firing CpuHigh']);
  await watch.during(10, saturationOf(0.79));
  expect(watch.words).toEqual(['firing CpuHigh', 'resolved CpuHigh']);
});
