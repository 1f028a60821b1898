import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { diagnostics, type Notice } from '../../src/core/diagnostics.js';

const countOf = (signal: string, reason: string): number => diagnostics.drops()[signal]?.[reason] ?? 0;

/** How many more drops of that kind the ledger of the process holds after `work`. */
export function dropsIn(signal: string, reason: string, work: () => void): number {
  const before = countOf(signal, reason);
  work();
  return countOf(signal, reason) - before;
}

/**
 * The notices of the test that runs, in a file of tests. The clock of the diagnostics stands still and moves by two
 * minutes before each test, as the same notice is told once a minute.
 */
export function hearing(): Notice[] {
  const notices: Notice[] = [];
  beforeAll(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterAll(() => void vi.useRealTimers());
  beforeEach(() => {
    vi.advanceTimersByTime(120_000);
    notices.length = 0;
    diagnostics.speakThrough((notice) => notices.push(notice));
  });
  afterEach(() => diagnostics.speakThrough(undefined));
  return notices;
}
