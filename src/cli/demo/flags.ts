import type { GuardPlan } from '../../rollouts/guard-plan.js';

/** Two features that are rolled out by themselves, and a switch. */
export const document = {
  flags: {
    new_checkout: { rollout: 0 },
    new_search: { rollout: 0 },
    recommendations: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' },
  },
};

/** Shorter than one would have it: somebody is watching. The new checkout fails and is taken back; the new search arrives. */
const plan: GuardPlan = { stages: [25, 50, 100], minHold: '20s', metrics: ['errors'] };

export const plans: Readonly<Record<string, GuardPlan>> = { new_checkout: plan, new_search: plan };
