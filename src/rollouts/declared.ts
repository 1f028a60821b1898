import { slot } from '../core/slot.js';
import { type GuardPlan, planOf } from './guard-plan.js';

/** Plans by flag, of this process, whichever copy of the package was asked. */
export const declaredPlans: Map<string, GuardPlan> = slot('rollouts.plans', () => new Map());

/**
 * Guards the rollout of a flag: its share grows stage by stage on evidence, and is taken back when the variant hurts. Works
 * before `observe()`. Throws `TypeError` for a plan that cannot be. A later plan for the same flag counts from the next start.
 */
export function guard(flagKey: string, plan: GuardPlan = {}): void {
  if (typeof flagKey !== 'string' || flagKey === '') throw new TypeError('guard() needs the key of a flag');
  planOf(flagKey, plan);
  declaredPlans.set(flagKey, plan);
}
