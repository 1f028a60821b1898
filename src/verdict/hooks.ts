import type { Verdict } from './judge.js';

/**
 * When Flagger is told yes, by the type of webhook. It takes 2xx for yes and anything else for no: on the gates no means
 * wait, on `rollout` it is a failed check, and on `rollback` yes means "roll back now".
 */
export const hooks = {
  'confirm-rollout': () => true, // nothing of the new version has run yet
  'pre-rollout': () => true,
  rollout: (verdict) => verdict !== 'rollback',
  'confirm-traffic-increase': (verdict) => verdict === 'pass',
  'confirm-promotion': (verdict) => verdict === 'pass',
  'post-rollout': () => true,
  event: () => true,
  rollback: (verdict) => verdict === 'rollback',
} as const satisfies Readonly<Record<string, (verdict: Verdict) => boolean>>;

export type Hook = keyof typeof hooks;

export function isHook(name: string): name is Hook {
  return Object.hasOwn(hooks, name);
}
