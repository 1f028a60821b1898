import { messageOf } from '../core/diagnostics.js';
import { planOf } from '../rollouts/guard-plan.js';
import { ConfigError } from './config-error.js';
import type { RolloutOptions } from './rollout-options.js';

/** Throws `ConfigError` for a plan that cannot be. */
export function rolloutsConfig(options: RolloutOptions = {}): RolloutOptions {
  for (const [flag, plan] of Object.entries(options.plans ?? {})) {
    try {
      planOf(flag, plan);
    } catch (cause) {
      throw new ConfigError([`rollouts.plans: ${messageOf(cause)}`]);
    }
  }
  return options;
}
