import { afterEach, expect, test, vi } from 'vitest';
import { diagnostics } from '../../src/core/diagnostics.js';
import { StepCounts } from '../../src/parts/rollout-steps.js';
import type { ShedEvent } from '../../src/rollouts/shed.js';
import { shedPlan } from '../../src/rollouts/shed-plan.js';

afterEach(() => vi.restoreAllMocks());

const plan = shedPlan('any', { 'ops.shed': 1 });
if (plan === undefined) throw new Error('it is an ops flag');
const step = (flag: string, event: ShedEvent['event'] = 'flag_shed'): ShedEvent => ({
  ...{ event, flag, from: 'on', to: 'off', reason: '', evidence: { resource: 'cpu', ratio: 1, plan } },
  ...{ severity: 'warning', by: 'this process', at: 0 },
});

test('steps are counted by flag and event', () => {
  const steps = new StepCounts();
  for (const each of [step('a'), step('b'), step('a'), step('a', 'flag_restored')]) steps.add(each);
  expect(steps.list()).toEqual([
    { flag: 'a', event: 'flag_shed', count: 2 },
    { flag: 'a', event: 'flag_restored', count: 1 },
    { flag: 'b', event: 'flag_shed', count: 1 },
  ]);
});

test('steps of more flags than are kept are counted as dropped, and that is said', () => {
  const drop = vi.spyOn(diagnostics, 'drop');
  const warn = vi.spyOn(diagnostics, 'warn').mockReturnValue();
  const steps = new StepCounts();
  for (let i = 0; i < 202; i++) steps.add(step(`flag ${i}`));
  steps.add(step('flag 0'));
  expect(steps.list()).toHaveLength(200);
  expect(steps.list()[0]).toEqual({ flag: 'flag 0', event: 'flag_shed', count: 2 });
  expect(drop.mock.calls).toEqual([
    ['rollouts', 'step_cap'],
    ['rollouts', 'step_cap'],
  ]);
  expect(warn).toHaveBeenCalledWith('rollouts.steps', expect.stringContaining('more than 200 flags'));
});
