import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/core/clock.js';

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) }));
afterEach(() => void vi.useRealTimers());

describe('the clock of the system', () => {
  test('a change of the wall clock does not move the monotonic one', () => {
    const [wall, monotonic] = [systemClock.now(), systemClock.monotonic()];
    vi.setSystemTime(wall - 3_600_000);
    expect(systemClock.now()).toBe(wall - 3_600_000);
    expect(systemClock.monotonic()).toBe(monotonic);
  });

  test('repeats work until it is told to stop', () => {
    const work = vi.fn();
    const stop = systemClock.every(100, work);
    vi.advanceTimersByTime(350);
    stop();
    vi.advanceTimersByTime(1000);
    expect(work).toHaveBeenCalledTimes(3);
  });

  test('what it repeats does not keep the process alive', () => {
    vi.useRealTimers();
    const unref = vi.spyOn(Object.getPrototypeOf(setTimeout(() => {}).unref()), 'unref');
    systemClock.every(3_600_000, () => {})();
    expect(unref).toHaveBeenCalledTimes(1);
    unref.mockRestore();
  });
});
