import { describe, expect, test } from 'vitest';
import { eValue } from '../../src/rollouts/guard-said.js';
import { Judge, type ReleaseTick } from '../../src/verdict/judge.js';
import type { VersionSummary } from '../../src/verdict/release.js';
import { reportText } from '../../src/verdict/report.js';

const answered = (requests: number, errors: number): ReleaseTick => ({ requests, errors, durations: [requests, 0] });
const summary = (version: string): VersionSummary => ({
  ...{ version, processes: 2, requests: 1000, errors: 10, errorRatio: 0.01 },
});

/** Twenty ticks of a baseline and a candidate that fail so often. */
function judged(baseline: number, candidate: number) {
  const judge = new Judge({ boundaries: [0.1], tickSeconds: 15, metrics: ['errors'] });
  for (let i = 0; i < 20; i++) judge.add({ baseline: answered(100, baseline), candidate: answered(100, candidate) });
  return judge.read();
}

function lineOf(baseline: number, candidate: number): string | undefined {
  const times = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T00:05:00.000Z' };
  const sides = { baseline: summary('1'), candidate: summary('2') };
  const lines = reportText({ ...judged(baseline, candidate), ...times, ...sides }).split('\n');
  return lines.find((line) => line.startsWith('  errors'));
}

describe('in JSON, of the candidate against the baseline,', () => {
  const ratio = (baseline: number, candidate: number): unknown =>
    JSON.parse(JSON.stringify(judged(baseline, candidate).evidence[0]?.ratio));

  test('a range without an upper end is not taken for too little data', () => {
    expect(ratio(0, 40)).toEqual({ low: expect.any(Number), high: null, open: true, missing: null });
    expect(ratio(0, 0)).toEqual({ low: null, high: null, open: false, missing: 'not enough data: 0 of 10 events' });
    expect(ratio(2, 3)).toEqual({ low: expect.any(Number), high: expect.any(Number), open: false, missing: null });
  });
});

describe('in words, of the candidate against the baseline,', () => {
  test('evidence is a number beside its limit, however large or small', () => {
    expect(lineOf(10, 60)).toMatch(/evidence against it over a million of 100, for it under 0\.01 of 20$/);
    expect(lineOf(2, 2)).toMatch(/evidence against it [\d.]+ of 100, for it [\d.]+ of 20$/);
  });

  test('a range says whether it ends', () => {
    expect(lineOf(0, 40)).toMatch(/^ {2}errors {5}\d+\.\d\d x or more of the baseline's; /);
    expect(lineOf(2, 3)).toMatch(/^ {2}errors {5}\d+\.\d\d x to \d+\.\d\d x the baseline's; /);
    expect(lineOf(0, 0)).toMatch(/^ {2}errors {5}not enough data: 0 of 10 events; /);
  });
});

test.each([
  [0.001, 'under 0.01'],
  [0.0123, '0.012'],
  [3.25, '3.3'],
  [199.6, '200'],
  [123_456, '123456'],
  [1e9, 'over a million'],
])('evidence of %d is read as %s', (value, text) => {
  expect(eValue(Math.log(value))).toBe(text);
});
