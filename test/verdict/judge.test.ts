import { describe, expect, test } from 'vitest';
import { Judge, type JudgeOptions, type ReleaseTick } from '../../src/verdict/judge.js';
import { random as numbers } from '../support/random.js';

const BOUNDARIES = [0.01, 0.025, 0.05, 0.1, 0.25];
const TICK_S = 10;

interface Behaviour {
  readonly perTick: number;
  readonly errorRatio: number;
  /** Share of requests beyond 50 ms. */
  readonly slow?: number;
}

/** So many ticks of two versions with seeded chance. */
function judged(
  ticks: number,
  baseline: Behaviour,
  candidate: Behaviour,
  seed = 1,
  more: Partial<JudgeOptions> = {},
): Judge {
  const random = numbers(seed);
  const judge = new Judge({ boundaries: BOUNDARIES, tickSeconds: TICK_S, ...more });
  const tick = ({ perTick, errorRatio, slow = 0.05 }: Behaviour): ReleaseTick => {
    const durations = new Float64Array(BOUNDARIES.length + 1);
    let errors = 0;
    for (let i = 0; i < perTick; i++) {
      if (random() < errorRatio) errors++;
      const bucket = random() < slow ? 3 : 1 + Number(random() < 0.4);
      durations[bucket] = (durations[bucket] ?? 0) + 1;
    }
    return { requests: perTick, errors, durations };
  };
  for (let i = 0; i < ticks; i++) judge.add({ baseline: tick(baseline), candidate: tick(candidate) });
  return judge;
}

const sound = { perTick: 1000, errorRatio: 0.01 };

describe('a release', () => {
  test('as good as the one in use passes, once it was seen for long enough', () => {
    expect(judged(6, sound, sound).read()).toMatchObject({ verdict: 'hold', reason: 'not enough evidence' });
    expect(judged(60, sound, sound).read()).toMatchObject({ verdict: 'pass', missing: [] });
  });

  test('without a single error passes by that alone, though there is nothing to compare', () => {
    const faultless = { perTick: 300, errorRatio: 0 };
    expect(judged(40, faultless, faultless).read().verdict).toBe('pass');
  });

  test.each([
    ['errors', { ...sound, errorRatio: 0.04 }],
    ['latency', { ...sound, slow: 0.3 }],
  ])('that is worse in %s is rolled back, for that reason', (metric, candidate) => {
    const { verdict, reason } = judged(30, sound, candidate).read();
    expect(verdict).toBe('rollback');
    expect(reason).toMatch(new RegExp(`^${metric}: more than 1.5 times`));
  });

  test('is compared by what was asked for alone', () => {
    const slower = { ...sound, slow: 0.3 };
    const errors = judged(60, sound, slower, 1, { metrics: ['errors'] }).read();
    expect(errors.verdict).toBe('pass');
    expect(errors.evidence.map(({ metric }) => metric)).toEqual(['errors']);
    expect(judged(60, sound, slower, 1, { metrics: ['latency'] }).read().verdict).toBe('rollback');
  });

  test('that fails half of its requests is rolled back after one tick', () => {
    const judge = judged(1, sound, { perTick: 30, errorRatio: 0.8 });
    expect(judge.read()).toMatchObject({
      verdict: 'rollback',
      reason: expect.stringContaining('half of its requests'),
    });
  });

  test('stays condemned though it behaves afterwards', () => {
    const judge = judged(20, sound, { ...sound, errorRatio: 0.05 });
    for (let i = 0; i < 200; i++) {
      const tick = { requests: 1000, errors: 0, durations: Float64Array.of(0, 1000, 0, 0, 0, 0) };
      judge.add({ baseline: tick, candidate: tick });
    }
    expect(judge.read().verdict).toBe('rollback');
  });

  test('is not blamed for an incident of both', () => {
    const burning = { ...sound, errorRatio: 0.3 };
    expect(judged(30, burning, burning).read()).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('both versions miss their objective'),
    });
  });

  test.each([
    ['baseline', { perTick: 0, errorRatio: 0 }, sound],
    ['candidate', sound, { perTick: 0, errorRatio: 0 }],
  ])('is held while the %s has no requests', (name, baseline, candidate) => {
    const report = judged(30, baseline, candidate).read();
    expect(report).toMatchObject({ verdict: 'hold', reason: `no requests of the ${name}` });
  });

  test('is held with the words for what is missing', () => {
    const { missing } = judged(3, { perTick: 20, errorRatio: 0.01 }, { perTick: 2, errorRatio: 0 }).read();
    expect(missing).toEqual([
      '30 of 120 s with both versions',
      expect.stringMatching(
        /^errors: evidence \d.* of 20 .*after 6 requests of the candidate \(0 bad\), 60 of the baseline/,
      ),
      'latency: 60 of 500 requests of the baseline',
    ]);
  });

  test('that is harmless is not rolled back in any of 100 hours', () => {
    const verdicts = Array.from({ length: 100 }, (_, seed) =>
      judged(360, { perTick: 200, errorRatio: 0.01 }, { perTick: 20, errorRatio: 0.01 }, seed + 1).read(),
    );
    expect(verdicts.filter(({ verdict }) => verdict === 'rollback')).toEqual([]);
  });
});
