import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Series, steps } from '../../src/verdict/counter-steps.js';

const TIMES = [0, 10, 20, 30];
const series = (...values: (number | undefined)[]): Series => ({
  metric: {},
  values: values.flatMap((value, i) => (value === undefined ? [] : [[i * 10, String(value)] as const])),
});
const grown = (...values: (number | undefined)[]): number[] => [...steps(series(...values), TIMES)];

describe('a counter', () => {
  test('grew by nothing when it is seen first, however old it is', () => {
    expect(grown(1000, 1005, 1005, 1012)).toEqual([0, 5, 0, 7]);
    expect(grown(undefined, undefined, 1000, 1001)).toEqual([0, 0, 0, 1]);
  });

  test('that falls has begun anew', () => {
    expect(grown(1000, 1005, 3, 4)).toEqual([0, 5, 3, 1]);
  });

  test('that was missing for a while grew by all of it at once, and not by its whole age', () => {
    expect(grown(100, undefined, undefined, 130)).toEqual([0, 0, 0, 30]);
  });

  test('of errors was 0 before the first one, as long as its process was seen', () => {
    const errors = series(undefined, undefined, 4, 6);
    expect([...steps(errors, TIMES, series(1, 2, 3, 4))]).toEqual([0, 0, 4, 2]);
    expect([...steps(errors, TIMES)]).toEqual([0, 0, 0, 2]);
  });

  test('never grew by less than nothing, and without a reset by what lies between first and last', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 50 }), (increments) => {
        let total = 7;
        const values = increments.map((by, i) => {
          total += by;
          return [i, String(total)] as const;
        });
        const times = values.map(([time]) => time);
        const all = steps({ metric: {}, values }, times);
        expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
        expect(all.reduce((sum, by) => sum + by, 0)).toBe(total - Number(values[0]?.[1]));
      }),
    );
  });
});
