import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CumulativeHistogram, DEFAULT_BOUNDARIES } from '../../src/signals/cumulative.js';

const countsOf = (values: readonly number[], boundaries = DEFAULT_BOUNDARIES): number[] => {
  const histogram = new CumulativeHistogram(boundaries);
  for (const value of values) histogram.record(value);
  return [...histogram.counts];
};

describe('the edges of the buckets', () => {
  test.each(DEFAULT_BOUNDARIES.map((boundary, index) => [boundary, index] as const))(
    'a value equal to %d s belongs to the bucket that ends there',
    (boundary, index) => {
      expect(countsOf([boundary]).indexOf(1)).toBe(index);
      expect(countsOf([boundary * 1.000001]).indexOf(1)).toBe(index + 1);
    },
  );

  test('nothing is below the first bucket, and the last has no end', () => {
    expect(countsOf([0, -1, Number.NEGATIVE_INFINITY])[0]).toBe(3);
    expect(countsOf([10.1, 1e9, Number.POSITIVE_INFINITY]).at(-1)).toBe(3);
  });

  test('without boundaries there is one bucket', () => {
    expect(countsOf([0.1, 5], [])).toEqual([2]);
  });
});

test('each bucket holds what a plain count finds between its boundaries', () => {
  const boundary = fc.double({ min: 0.001, max: 100, noNaN: true });
  const boundaries = fc.uniqueArray(boundary, { maxLength: 20 }).map((all) => all.sort((a, b) => a - b));
  fc.assert(
    fc.property(boundaries, fc.array(fc.double({ min: 0, max: 200, noNaN: true })), (edges, values) => {
      const all = [...values, ...edges];
      const naive = [...edges, Number.POSITIVE_INFINITY].map((edge, index) => {
        const below = edges[index - 1] ?? Number.NEGATIVE_INFINITY;
        return all.filter((value) => value > below && value <= edge).length;
      });
      expect(countsOf(all, edges)).toEqual(naive);
    }),
  );
});

test('count and sum are those of all values', () => {
  const histogram = new CumulativeHistogram(DEFAULT_BOUNDARIES);
  for (const value of [0.25, 0.5, 100]) histogram.record(value);
  expect(histogram).toMatchObject({ count: 3, sum: 100.75 });
});

test('a duration that is no number, or negative, does not spoil the sum for ever', () => {
  const histogram = new CumulativeHistogram(DEFAULT_BOUNDARIES);
  for (const value of [Number.NaN, -2, 0.5]) histogram.record(value);
  expect(histogram).toMatchObject({ count: 3, sum: 0.5 });
});

describe('exemplars', () => {
  const traceId = 'ab'.repeat(16);

  test('a bucket keeps its last traced value', () => {
    const histogram = new CumulativeHistogram([0.1, 1], { exemplars: true });
    histogram.record(0.2, traceId, 1000);
    histogram.record(0.3, 'cd'.repeat(16), 2000);
    histogram.record(0.4);
    expect([0, 1, 2].map((index) => histogram.exemplar(index))).toEqual([
      undefined,
      { traceId: 'cd'.repeat(16), value: 0.3, at: 2000 },
      undefined,
    ]);
  });

  test('none are kept unless they are asked for, nor are exponential buckets', () => {
    const histogram = new CumulativeHistogram([0.1]);
    histogram.record(0.2, traceId, 1000);
    expect(histogram.exemplar(1)).toBeUndefined();
    expect(histogram.exponential).toBeUndefined();
  });
});
