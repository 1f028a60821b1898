import { describe, expect, test } from 'vitest';
import { Epoch, epochTime } from '../../src/core/epoch.js';
import { manualClock } from '../../src/testing/manual-clock.js';

const START = Date.UTC(2026, 0, 1);

describe('a moment of the monotonic clock', () => {
  test('is told to the fraction of a millisecond', () => {
    const clock = manualClock(START);
    const epoch = new Epoch(clock);
    clock.advance(1000);
    expect(epoch.at(998.25)).toBe(START + 998.25);
  });

  test('follows a wall clock that was set', () => {
    const clock = manualClock(START);
    const epoch = new Epoch(clock);
    clock.advance(1000);
    clock.setWall(START + 3_600_000);
    expect(epoch.at(1000)).toBe(START + 3_600_000);
  });

  test('does not follow what is but the rounding of milliseconds', () => {
    const clock = manualClock(START);
    const epoch = new Epoch(clock);
    clock.setWall(START + 1);
    expect(epoch.at(10)).toBe(START + 10);
  });
});

test.each([
  [0, [0, 0]],
  [1_700_000_000_123.5, [1_700_000_000, 123_500_000]],
  [1999.9999999, [1, 999_999_999]],
])('%d ms are %j', (ms, time) => {
  expect(epochTime(ms)).toEqual(time);
});
