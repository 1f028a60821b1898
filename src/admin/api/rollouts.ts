import { from } from './flags.js';
import { absent, Refusal, type Resource } from './resource.js';
import type { AdminSources } from './sources.js';

/** Guarded rollouts with their evidence; one that was taken back can be armed again. */
export function rollouts({ clock, rollouts: guarded, tell }: AdminSources): Resource {
  if (guarded === undefined) return absent('no rollout is guarded in this process');
  return {
    read: () => ({ at: Math.round(clock.now()), rollouts: guarded.states() }),
    change: ({ action, flag }, guest) => {
      if (action !== 'rearm') throw new Refusal(400, 'action is rearm');
      if (typeof flag !== 'string' || !guarded.rearm(flag)) {
        throw new Refusal(404, 'no rollout of that flag is guarded here');
      }
      tell('admin_rollout_rearmed', { flag_key: flag, ...from(guest) });
      return { done: action, flag };
    },
  };
}
