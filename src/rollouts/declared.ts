import { slot } from '../core/slot.js';
import { type GuardPlan, planOf } from './guard-plan.js';

interface Declared {
  readonly plans: Map<string, GuardPlan>;
  /** Hear of each plan that is declared from now on. */
  readonly heard: Set<(flagKey: string, plan: GuardPlan) => void>;
}

/** Plans by flag, of this process, whichever copy of the package was asked. */
export const declared: Declared = slot('rollouts.declared', () => ({ plans: new Map(), heard: new Set() }));

/**
 * Guards the rollout of a flag: its share grows stage by stage on evidence, and is taken back when the variant hurts. Works
 * before `observe()`. Throws `TypeError` for a plan that cannot be. A second plan for a flag counts from the next start on.
 */
export function guard(flagKey: string, plan: GuardPlan = {}): void {
  if (typeof flagKey !== 'string' || flagKey === '') throw new TypeError('guard() needs the key of a flag');
  planOf(flagKey, plan);
  declared.plans.set(flagKey, plan);
  for (const hear of declared.heard) hear(flagKey, plan);
}
