import type { Resource } from './resource.js';
import type { AdminSources } from './sources.js';

/** The options in force: those that are named as safe to show, and nothing else. */
export function configuration({ clock, configuration: shown }: AdminSources): Resource {
  return { read: () => ({ at: Math.round(clock.now()), configuration: shown() }) };
}
