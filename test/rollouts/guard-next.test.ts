import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/rollouts/guard-decision.js';
import type { Verdict } from '../../src/rollouts/guard-judge.js';
import { next, type Standing } from '../../src/rollouts/guard-next.js';
import { planOf } from '../../src/rollouts/guard-plan.js';

const plan = planOf('checkout', { stages: [10, 100], minHold: '1m', maxHold: '1h', holdback: 5, holdbackFor: '10m' });
const decision: Decision = {
  ...{ flag: 'checkout', versions: ['1'], arm: 0, phase: 'ramping', stage: 0, percent: 10 },
  ...{ startedAt: 0, at: 0, reason: 'it begins', evidence: undefined },
};
const standing = (given: Partial<Standing> = {}): Standing => ({
  ...{ plan, decision, status: 'ramping', heldMs: 60_000, at: 5, evidence: undefined, ...given },
});
const sound: Verdict = { verdict: 'pass', reason: '', bothBad: false, blocked: [], lacking: [] };
const undecided: Verdict = { ...sound, verdict: 'hold', lacking: ['more requests'] };
const full = { ...decision, phase: 'full', stage: 1, percent: 95 } as const;

describe('a verdict', () => {
  test('that is sound leads to the next stage, where some stay behind, and from there to the end', () => {
    expect(next(standing(), sound).decision).toMatchObject({ phase: 'full', stage: 1, percent: 95, at: 5 });
    const last = standing({ decision: full, heldMs: 600_000 });
    expect(next(last, sound)).toMatchObject({ decision: { phase: 'done', percent: 100 }, missing: [] });
  });

  test('that is sound waits for the hold of its stage', () => {
    expect(next(standing({ heldMs: 59_000 }), sound)).toEqual({
      ...{ told: [], decision: undefined, status: 'ramping', missing: ['held for 59 s of 60 s'] },
    });
  });

  test('is told as inconclusive once, when it has been undecided for long', () => {
    const late = standing({ heldMs: 3_600_000 });
    const first = next(late, undecided);
    expect(first).toMatchObject({ status: 'inconclusive', told: [{ event: 'rollout_inconclusive' }] });
    expect(next({ ...late, status: 'inconclusive' }, undecided).told).toEqual([]);
  });

  test('that both are bad pauses once, and the rollout resumes once', () => {
    const bad: Verdict = { ...undecided, bothBad: true, blocked: ['both are bad'] };
    expect(next(standing(), bad)).toMatchObject({
      status: 'paused',
      told: [{ event: 'rollout_paused', reason: 'both are bad', severity: 'critical' }],
    });
    expect(next(standing({ status: 'paused' }), bad).told).toEqual([]);
    expect(next(standing({ status: 'paused' }), undecided)).toMatchObject({
      status: 'ramping',
      told: [{ event: 'rollout_resumed' }],
    });
  });

  test('never gives a variant to more users while anything is missing, and takes it from all when it is worse', () => {
    const given = fc.record({
      verdict: fc.constantFrom('rollback', 'hold', 'pass'),
      bothBad: fc.boolean(),
      blocked: fc.subarray(['a block']),
      lacking: fc.subarray(['a lack']),
      heldMs: fc.nat(4_000_000),
      of: fc.constantFrom(decision, full),
      status: fc.constantFrom('ramping', 'full', 'paused', 'inconclusive', 'holding'),
    });
    fc.assert(
      fc.property(given, ({ of, status, heldMs, ...verdict }) => {
        const { decision: further, missing } = next(standing({ decision: of, status, heldMs }), {
          ...verdict,
          reason: '',
        });
        if (verdict.verdict === 'rollback') expect(further).toMatchObject({ phase: 'rolled_back', percent: 0 });
        else if (further !== undefined) {
          expect([missing, verdict.bothBad, verdict.blocked]).toEqual([[], false, []]);
          expect(heldMs).toBeGreaterThanOrEqual(of === full ? plan.holdbackForMs : plan.minHoldMs);
        }
      }),
    );
  });
});
