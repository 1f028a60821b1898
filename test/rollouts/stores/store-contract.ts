import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Decision, Phase } from '../../../src/rollouts/guard-decision.js';
import type { RolloutStore } from '../../../src/rollouts/stores/store.js';

const decision = (flag: string, phase: Phase, stage: number, arm: number): Decision => ({
  flag,
  versions: ['1'],
  arm,
  phase,
  stage,
  percent: 5,
  startedAt: 0,
  at: 1,
  reason: 'because "it" is {so}',
  evidence: undefined,
});

const steps = fc.array(
  fc.record({
    phase: fc.constantFrom<Phase>('ramping', 'full', 'done', 'rolled_back'),
    stage: fc.nat(8),
    arm: fc.nat(2),
  }),
  { minLength: 1, maxLength: 12 },
);
const PHASES: readonly Phase[] = ['ramping', 'full', 'done', 'rolled_back'];

/** What every store does. `runs`: tries of the property. */
export function storeContract(create: () => RolloutStore | Promise<RolloutStore>, runs = 100): void {
  test('knows nothing of a flag that nobody decided about', async () => {
    const store = await create();
    expect(await store.load('nobody')).toBeUndefined();
    await store.stop();
  });

  test('keeps the latest arm, in it off above all, and what is further on, in whatever order they come', async () => {
    const store = await create();
    let flags = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const flag = `flag "${flags++}" {x}`;
        for (const { phase, stage, arm } of all) await store.decide(decision(flag, phase, stage, arm));
        const arm = Math.max(...all.map((each) => each.arm));
        const last = all.filter((each) => each.arm === arm);
        const phase = PHASES.findLast((name) => last.some((each) => each.phase === name));
        const stage = Math.max(...last.filter((each) => each.phase === phase).map((each) => each.stage));
        const kept = await store.load(flag);
        expect(kept).toMatchObject({ flag, arm, phase, reason: 'because "it" is {so}' });
        if (phase === 'ramping') expect(kept?.stage).toBe(stage);
      }),
      { numRuns: runs },
    );
    await store.stop();
  });

  test('answers a decision with what holds, and tells what is new to who listens', async () => {
    const store = await create();
    const heard: string[] = [];
    const there = new Promise<void>((resolve) => {
      store.start(({ phase }) => heard.push(phase), resolve);
      if (store.name === 'memory') resolve();
    });
    await there;
    expect(await store.decide(decision('told', 'rolled_back', 0, 0))).toMatchObject({ phase: 'rolled_back' });
    expect(await store.decide(decision('told', 'done', 4, 0))).toMatchObject({ phase: 'rolled_back' });
    await expect.poll(() => heard).toEqual(['rolled_back']);
    await store.stop();
  });

  test('adds, part by part, and forgets blocks that are too old', async () => {
    const store = await create();
    const sums = { 'ratio.errors': [1.5, -2], 'ratio.errors@0': [1, 1], 'ratio.errors@40': [3, 4] };
    expect(await store.add('a/0/on', sums, 0)).toEqual(sums);
    expect(await store.add('a/0/on', { 'ratio.errors': [0.5, 0.25] }, 4)).toEqual({
      'ratio.errors': [2, -1.75],
      'ratio.errors@40': [3, 4],
    });
    expect(await store.add('a/1/on', {}, 4)).toEqual({});
    await store.stop();
  });
}
