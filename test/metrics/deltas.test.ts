import { expect, test } from 'vitest';
import { Deltas } from '../../src/metrics/deltas.js';
import type { Family, Histogram, HistogramPoint, NumberPoint } from '../../src/metrics/family.js';
import { counter, gauge, histogram, one, recorded } from './samples.js';

const value = ([family]: readonly Family[]): unknown => (family?.points[0] as NumberPoint | undefined)?.value;
const shape = ([family]: readonly Family[]) => {
  const [point] = (family as Histogram).points;
  const { histogram: found } = point as HistogramPoint;
  return {
    counts: Array.from(found.counts),
    count: found.count,
    sum: found.sum,
    exponential: found.exponential?.read().counts,
    zero: found.exponential?.zeroCount,
  };
};

test('a counter is what came since the last that was committed', () => {
  const deltas = new Deltas();
  expect(value(deltas.since([counter('c', one(3))]))).toBe(3);
  expect(value(deltas.since([counter('c', one(5))]))).toBe(5); // the first never arrived
  deltas.commit();
  expect(value(deltas.since([counter('c', one(9))]))).toBe(4);
  deltas.commit();
  expect(value(deltas.since([counter('c', one(2))]))).toBe(2); // its source began anew
});

test('a histogram too, in every bucket of both kinds', () => {
  const deltas = new Deltas();
  const growing = recorded([0.05, 0.2, 0]);
  const families = [histogram('h', [{ labels: { a: 'b' }, histogram: growing }])];
  deltas.since(families);
  deltas.commit();
  growing.record(0.2);
  growing.record(7);
  growing.record(0);
  expect(shape(deltas.since(families))).toMatchObject({ counts: [1, 1, 1], count: 3, zero: 1 });
  expect(shape(deltas.since(families)).exponential?.filter((count) => count > 0)).toEqual([1, 1]);
  expect(shape(deltas.since(families)).sum).toBeCloseTo(7.2);
  deltas.commit();
  expect(shape(deltas.since(families))).toEqual({ counts: [0, 0, 0], count: 0, sum: 0, exponential: [], zero: 0 });
});

test('a gauge is what it is', () => {
  const deltas = new Deltas();
  deltas.since([gauge('g', one(3))]);
  deltas.commit();
  expect(value(deltas.since([gauge('g', one(3))]))).toBe(3);
});
