import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExponentialBuckets } from '../../src/signals/exponential.js';

function filled(values: readonly number[]): ExponentialBuckets {
  const buckets = new ExponentialBuckets();
  for (const value of values) buckets.record(value);
  return buckets;
}

test('each value is within the bounds of its bucket, as the data model draws them', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 10_000, noNaN: true, noDefaultInfinity: true }), (value) => {
      const { scale, offset, counts } = filled([value]).read();
      expect(counts).toEqual([1]);
      const base = 2 ** (2 ** -scale);
      expect(value).toBeGreaterThan(base ** offset * (1 - 1e-12));
      expect(value).toBeLessThanOrEqual(base ** (offset + 1) * (1 + 1e-12));
    }),
  );
});

test('what is read has every value, from the first bucket that holds one to the last', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 100, noNaN: true })), (values) => {
      const buckets = filled(values);
      const { counts } = buckets.read();
      expect(counts.reduce((sum, count) => sum + count, buckets.zeroCount)).toBe(values.length);
      if (counts.length > 0) expect([counts[0], counts.at(-1)].every((count) => Number(count) > 0)).toBe(true);
    }),
  );
});

describe('values at and beyond the edges', () => {
  test('zero, negatives and what is no number are zeros', () => {
    const buckets = filled([0, -1, Number.NaN, Number.NEGATIVE_INFINITY]);
    expect(buckets.zeroCount).toBe(4);
    expect(buckets.read().counts).toEqual([]);
  });

  test('the tiny are in the first bucket, the endless in the last', () => {
    expect(filled([Number.MIN_VALUE, 1e-9]).read()).toEqual({ scale: 5, offset: -640, counts: [2] });
    expect(filled([1e9, Number.POSITIVE_INFINITY]).read()).toEqual({ scale: 5, offset: 447, counts: [2] });
  });

  test('a power of two is in the bucket that ends there', () => {
    expect(filled([1]).read().offset).toBe(-1);
    expect(filled([0.5]).read().offset).toBe(-33);
  });
});

test('entries build the same again', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 1e-7, max: 20_000, noNaN: true })), (values) => {
      const buckets = filled(values);
      const copy = new ExponentialBuckets();
      const entries = buckets.entries();
      for (let i = 0; i < entries.length; i += 2) copy.add(entries[i] as number, entries[i + 1] as number);
      expect(copy.read()).toEqual(buckets.read());
    }),
  );
});
