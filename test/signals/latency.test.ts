import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LatencyHistogram } from '../../src/signals/latency.js';
import { Signals } from '../../src/signals/signals.js';
import { manualClock } from '../../src/testing/manual-clock.js';
import { ended } from '../support/exchanges.js';
import { dropsIn } from '../support/ledger.js';

const idle = () => ({ worst: null, ratio: null, resources: {} });

describe('values at the edges', () => {
  test.each([
    ['no number', Number.NaN, false],
    ['minus infinity', Number.NEGATIVE_INFINITY, false],
    ['a negative time', -3, false],
    ['infinity', Number.POSITIVE_INFINITY, false],
    ['67 s', 67_000, false],
    ['a time just beyond 60 s', 60_000.001, false],
    ['1e12 ms', 1e12, false],
    ['zero', 0, true],
    ['minus zero', -0, true],
    ['a fraction of a microsecond', 0.0003, true],
    ['60 s', 60_000, true],
  ])('%s is recorded, and said to be clamped only when it is', (_name, ms, inside) => {
    const histogram = new LatencyHistogram();
    expect(histogram.record(ms)).toBe(inside);
    expect(histogram.count).toBe(1);
    expect(histogram.quantile(1)).toBeGreaterThan(0);
    expect(histogram.quantile(1)).toBeLessThan(60.3);
  });

  test('any number is recorded without a throw, and the quantiles stay finite', () => {
    const histogram = new LatencyHistogram();
    fc.assert(
      fc.property(fc.double(), (ms) => {
        histogram.record(ms);
        return Number.isFinite(histogram.quantile(0.5)) && Number.isFinite(histogram.quantile(0.99));
      }),
      { numRuns: 2000 },
    );
  });

  test('values that were clamped do not spoil the percentiles of the others', () => {
    const histogram = new LatencyHistogram();
    for (let i = 0; i < 98; i++) histogram.record(10);
    histogram.record(Number.NaN);
    histogram.record(Number.POSITIVE_INFINITY);
    expect(histogram.quantile(0.5)).toBeCloseTo(0.01, 4);
    expect(histogram.count).toBe(100);
  });
});

test('a quantile is the middle of its bucket: half a per cent off at most, from 0.2 ms to 60 s, above and below', () => {
  const errors: number[] = [];
  for (let ms = 0.2; ms < 60_000; ms *= 1.0007) {
    const histogram = new LatencyHistogram();
    histogram.record(ms);
    errors.push((histogram.quantile(1) * 1000) / ms - 1);
  }
  expect(Math.max(...errors)).toBeLessThan(0.005);
  expect(Math.min(...errors)).toBeGreaterThan(-0.005);
  expect(Math.abs(errors.reduce((sum, error) => sum + error, 0) / errors.length)).toBeLessThan(0.0005);
});

describe('through the signals', () => {
  const clamps = (durations: number[]): number =>
    dropsIn('latency', 'clamped', () => {
      const signals = new Signals(manualClock(), idle);
      for (const durationMs of durations) signals.end(ended({ durationMs }));
    });

  test('every clamp is in the ledger, and nothing else is', () => {
    expect(clamps([0, 1, 59_999, 60_000])).toBe(0);
    expect(clamps([Number.NaN, Number.POSITIVE_INFINITY, -1, 67_000, 1e12])).toBe(5);
  });

  test('the max is exact even where the histogram was clamped', () => {
    const clock = manualClock();
    const signals = new Signals(clock, idle);
    clock.advance(2000);
    for (const durationMs of [5, 67_000]) signals.end(ended({ endedMs: 1000, durationMs }));
    expect(signals.snapshot().latency.max).toBe(67);
  });

  test('a duration that is no number does not make the mean one that is none', () => {
    const clock = manualClock();
    const signals = new Signals(clock, idle);
    clock.advance(2000);
    for (const durationMs of [Number.NaN, -50, 30]) signals.end(ended({ endedMs: 1000, durationMs }));
    expect(signals.snapshot().latency).toMatchObject({ count: 3, mean: 0.01, max: 0.03 });
  });
});

test('adding histograms is recording all their values in one', () => {
  const [left, right, both] = [new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram()];
  for (let i = 1; i <= 500; i++) {
    const ms = i ** 1.5;
    (i % 3 === 0 ? left : right).record(ms);
    both.record(ms);
  }
  left.add(right);
  for (const share of [0.01, 0.5, 0.9, 0.99, 1]) expect(left.quantile(share)).toBe(both.quantile(share));
});

test('a histogram that was reset holds nothing of before', () => {
  const histogram = new LatencyHistogram();
  histogram.record(5000);
  histogram.reset();
  expect(histogram.count).toBe(0);
  histogram.record(2);
  expect(histogram.quantile(1)).toBeCloseTo(0.002, 4);
});
