import { expect, test } from 'vitest';
import { Flapping } from '../../../src/alerts/engine/flapping.js';

const MINUTE = 60_000;

test('three episodes in an hour are tolerated, each further one doubles the time that it is kept firing', () => {
  const flapping = new Flapping();
  const keeps = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((minute) => {
    flapping.ended(minute * MINUTE);
    return flapping.keepMs(2 * MINUTE, minute * MINUTE) / MINUTE;
  });
  expect(keeps).toEqual([2, 2, 2, 4, 8, 16, 30, 30, 30]);
  expect(flapping.isFlapping(9 * MINUTE)).toBe(true);
});

test('an hour later all is forgotten', () => {
  const flapping = new Flapping();
  for (let minute = 1; minute <= 4; minute++) flapping.ended(minute * MINUTE);
  expect(flapping.isFlapping(61 * MINUTE)).toBe(true);
  expect(flapping.isFlapping(62 * MINUTE)).toBe(false);
  expect(flapping.keepMs(2 * MINUTE, 62 * MINUTE)).toBe(2 * MINUTE);
});

test('what is not kept at all is kept for some minutes when it flaps; what is kept for long stays so', () => {
  const flapping = new Flapping();
  for (let minute = 1; minute <= 4; minute++) flapping.ended(minute * MINUTE);
  expect(flapping.keepMs(0, 5 * MINUTE)).toBe(2 * MINUTE);
  expect(flapping.keepMs(60 * MINUTE, 5 * MINUTE)).toBe(60 * MINUTE);
});
