import { createHistogram } from 'node:perf_hooks';
import { expect, test } from 'vitest';
import { eventLoopDelay } from '../../src/saturation/event-loop-delay.js';
import { manualClock } from '../../src/testing/manual-clock.js';

/** Node's own histogram, fed by hand with what `monitorEventLoopDelay` records: its 20 ms and the delay. */
function delays() {
  const histogram = createHistogram();
  const calls: string[] = [];
  const monitor = Object.assign(histogram, {
    enable: () => calls.push('enable') > 0,
    disable: () => calls.push('disable') > 0,
  });
  const late = (ms: number): void => histogram.record(Math.round((20 + ms) * 1e6));
  const clock = manualClock();
  const probe = eventLoopDelay(monitor, clock);
  const sample = () => {
    const reading = probe.sample();
    const { p50_seconds: p50, p99_seconds: p99, max_seconds: max } = { ...reading?.readings };
    return { ratio: reading?.ratio, p50, p99, max };
  };
  return { probe, sample, late, calls, clock };
}

test('the resolution of the timer is no delay', () => {
  const { sample, late } = delays();
  for (let i = 0; i < 100; i++) late(0);
  const { ratio, max } = sample();
  expect(ratio).toBeLessThan(0.002); // the histogram keeps three digits
  expect(max).toBeLessThan(0.0002);
});

test('a timer that came early is not late', () => {
  const { sample, late } = delays();
  late(-1.5);
  expect(sample()).toEqual({ ratio: 0, p50: 0, p99: 0, max: 0 });
});

test('100 ms late at the 99th percentile is full, and later is above', () => {
  const { sample, late } = delays();
  for (let i = 0; i < 98; i++) late(1);
  late(100);
  late(100);
  const { ratio, p50, p99 } = sample();
  expect(ratio).toBeCloseTo(1, 2);
  expect(p99).toBeCloseTo(0.1, 3);
  expect(p50).toBeCloseTo(0.001, 3);
  late(300);
  expect(sample().ratio).toBeCloseTo(3, 2);
});

test('one stall in a long window shows in the maximum, not in the ratio', () => {
  const { sample, late } = delays();
  for (let i = 0; i < 249; i++) late(1);
  late(400);
  const { ratio, max } = sample();
  expect(ratio).toBeCloseTo(0.01, 2);
  expect(max).toBeCloseTo(0.4, 2);
});

test('each sample is of its own window', () => {
  const { sample, late } = delays();
  late(200);
  sample();
  late(0);
  expect(sample().max).toBeLessThan(0.001);
});

test('a window in which the timer never fired says nothing', () => {
  const { probe, late } = delays();
  expect(probe.sample()).toBeUndefined();
  late(5);
  expect(probe.sample()).toBeDefined();
  expect(probe.sample()).toBeUndefined();
});

test('a stall that the timer has not recorded yet, or never will, is what its values leave uncovered', () => {
  const { sample, late, clock } = delays();
  for (let i = 0; i < 10; i++) late(0);
  clock.advance(5200);
  const { p99, max, p50 } = sample();
  expect(max).toBeCloseTo(4.96, 2);
  expect(p99).toBe(max);
  expect(p50).toBeLessThan(0.001);
  clock.advance(3040);
  expect(sample()).toMatchObject({ p50: 3, max: 3 });
  clock.advance(40); // no more than the timer's own period at both ends
  expect(sample().max).toBeUndefined();
});

test('what it enables it disables', () => {
  const { probe, calls } = delays();
  expect(calls).toEqual(['enable']);
  probe.dispose?.();
  expect(calls).toEqual(['enable', 'disable']);
});
