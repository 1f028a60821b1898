import { systemClock } from '../core/clock.js';
import { slot } from '../core/slot.js';
import type { Cache } from './dependencies-cache.js';
import type { Ask, QueueHandle } from './dependencies-queue.js';
import { type DependencyOptions, DependencyRegistry, type QueueOptions } from './dependencies-registry.js';
import type { Dependency } from './dependencies-time.js';

/** The process's one registry, whichever copy of the package made it. */
export const dependencies: DependencyRegistry = slot('dependencies', () => new DependencyRegistry(systemClock));

/**
 * A database or service by its name: `dependency('postgres').time('select_user', () => pool.query(...))`. The same name
 * gives the same one. Works before `observe()`. Throws a `TypeError` for a name that is no text of 1 to 100 characters;
 * beyond 100 names they are counted as `_other`.
 */
export function dependency(name: string, options?: DependencyOptions): Dependency {
  return dependencies.dependency(name, options);
}

/** A cache by its name, for its hit ratio: `cache('sessions').hit()`. Names as of `dependency`. */
export function cache(name: string): Cache {
  return dependencies.cache(name);
}

/**
 * A queue by its name. `depth`, and `oldestAge` in seconds, are asked every 5 s, at once or with a promise; an answer that
 * is not there by the next question makes both `null`. The same name takes the place of the former.
 */
export function queue(name: string, depth: Ask, options?: QueueOptions): QueueHandle {
  return dependencies.queue(name, depth, options);
}
