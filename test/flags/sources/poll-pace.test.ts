import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PollPace } from '../../../src/flags/sources/poll-pace.js';

const least = (): number => 0;
const most = (): number => 1 - Number.EPSILON;

test('polls that are well vary by a tenth, so that a fleet spreads', () => {
  expect(new PollPace(10_000, least).well()).toBe(9000);
  expect(new PollPace(10_000, most).well()).toBeCloseTo(11_000, 5);
});

test('a failure is followed by a try soon, then by ever later ones, up to a minute', () => {
  const pace = new PollPace(10_000, most);
  const waits = Array.from({ length: 9 }, () => Math.round(pace.failed()));
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  expect(new PollPace(10_000, least).failed()).toBe(0);
});

test('success starts it anew', () => {
  const pace = new PollPace(10_000, most);
  for (let i = 0; i < 5; i++) pace.failed();
  pace.well();
  expect(Math.round(pace.failed())).toBe(1000);
});

test('what the service refuses is asked for less often than usual, never sooner, and up to a minute', () => {
  const slow = new PollPace(10_000, most);
  expect(Array.from({ length: 4 }, () => Math.round(slow.refused()))).toEqual([20_000, 40_000, 60_000, 60_000]);
  expect(new PollPace(10_000, least).refused()).toBe(10_000);
  expect(new PollPace(300_000, most).refused()).toBe(300_000);
});

test('what the receiver asks for is added, and by chance something on top', () => {
  expect(Math.round(new PollPace(10_000, most).failed(5000))).toBe(6000);
});

test('every wait is finite, whatever happened before', () => {
  const step = fc.constantFrom('well', 'failed', 'refused');
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), fc.integer({ min: 100, max: 1e9 }), (steps, intervalMs) => {
      const pace = new PollPace(intervalMs, Math.random);
      for (const name of steps as ('well' | 'failed' | 'refused')[]) {
        const wait = pace[name]();
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(Math.max(60_000, intervalMs * 1.1));
      }
    }),
  );
});
