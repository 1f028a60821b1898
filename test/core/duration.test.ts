import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { durationText, millisecondsOf, secondsOf } from '../../src/core/duration.js';

const SECONDS = { ms: 1 / 1000, s: 1, m: 60, h: 3600, d: 86_400 };
const units = Object.keys(SECONDS) as (keyof typeof SECONDS)[];

describe('a duration', () => {
  test.each([
    [30, 30],
    [0, 0],
    [0.25, 0.25],
    ['90', 90],
    ['90s', 90],
    ['1.5h', 5400],
    ['2 m', 120],
    ['250ms', 0.25],
    ['30d', 2_592_000],
    ['1h30m', 5400],
    ['1m500ms', 60.5],
  ])('%j is %d s', (given, seconds) => {
    expect(secondsOf(given)).toBeCloseTo(seconds, 9);
    expect(millisecondsOf(given)).toBe(seconds * 1000);
  });

  test.each([
    '',
    ' ',
    's',
    '-1s',
    '5 minutes',
    '1w',
    '1h 30m',
    '30 1m',
    '1h30',
    '.5s',
    '1.s',
    '1e3',
    '0x10',
    ' 5s',
    '5S',
  ])('%j is none', (given) => expect(secondsOf(given)).toBeUndefined());

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, `${'9'.repeat(400)}s`, null, undefined, true, ['5m'], {}])(
    'none is made of %o',
    (given) => {
      expect(secondsOf(given)).toBeUndefined();
      expect(millisecondsOf(given)).toBeUndefined();
    },
  );

  test('of several parts is their sum, in whatever order', () => {
    const part = fc.record({
      count: fc.nat(100_000),
      space: fc.constantFrom('', ' '),
      unit: fc.constantFrom(...units),
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const text = parts.map(({ count, space, unit }) => `${count}${space}${unit}`).join('');
        const sum = parts.reduce((seconds, { count, unit }) => seconds + count * SECONDS[unit], 0);
        expect(secondsOf(text)).toBeCloseTo(sum, 5);
      }),
    );
  });

  test('is read from any text without an error, and is never negative, infinite or no number', () => {
    const near = fc.string({ unit: fc.constantFrom(...'0123456789. -smhd'), maxLength: 30 });
    fc.assert(
      fc.property(fc.oneof(near, fc.string(), fc.anything()), (given) => {
        const seconds = secondsOf(given);
        if (seconds !== undefined) expect(seconds >= 0 && seconds < Number.POSITIVE_INFINITY).toBe(true);
      }),
    );
  });

  test('is the same when it is written and read again', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), fc.constantFrom(1, 60, 3600, 86_400), (count, unit) => {
        expect(secondsOf(durationText(count * unit))).toBe(count * unit);
        expect(millisecondsOf(durationText(count / 1000))).toBe(count);
      }),
    );
  });
});

test.each([
  [0, '0s'],
  [90, '90s'],
  [300, '5m'],
  [86_400, '1d'],
  [1.5, '1500ms'],
])('%d s is written as %s', (seconds, text) => expect(durationText(seconds)).toBe(text));
