import { diagnostics } from '../../core/diagnostics.js';
import { guard } from '../../core/guard.js';
import { slot } from '../../core/slot.js';
import { declaredProbes } from '../declared.js';
import type { Probe } from '../probe.js';
import { at } from './fields.js';
import { type PoolReader, type PoolReading, poolReading } from './pool.js';
import { type PoolKindName, poolKinds } from './pools.js';

const MAX_POOLS = 50;

/** A pool that is watched. */
export interface PoolHandle {
  /** Ends the watch. The pool itself is left alone. */
  remove(): void;
}

/** How a watched pool stands now. */
export interface PoolState extends PoolReading {
  readonly name: string;
  readonly kind: PoolKindName;
}

interface Watched {
  readonly kind: PoolKindName;
  readonly reader: PoolReader;
  /** A pool that its program has dropped is not kept. */
  readonly pool: WeakRef<object>;
  readonly handle: PoolHandle;
}

/** The pools of a process by name; each is the resource `pool:<name>` of the saturation. */
export class PoolRegistry {
  readonly #watched = new Map<string, Watched>();
  readonly #probes: Map<string, Probe>;

  constructor(probes: Map<string, Probe> = declaredProbes) {
    this.#probes = probes;
  }

  /** Throws for a name that is none and for a pool of no known make. Beyond 50 pools it is told, and nothing is watched. */
  add(name: string, pool: object): PoolHandle {
    if (typeof name !== 'string' || name === '' || name.length > 100)
      throw new TypeError(`pool(name, pool): the name must be a text of 1 to 100 characters, got "${String(name)}"`);
    const known = this.#watched.get(name);
    if (known !== undefined && known.pool.deref() === pool) return known.handle;
    const { kind, reader } = opened(name, pool);
    known?.handle.remove(); // the newer pool of a name is the one in use
    if (this.#watched.size >= MAX_POOLS) {
      reader.close?.(pool);
      return refused(name);
    }
    return this.#watch(name, { kind, reader, pool: new WeakRef(pool) });
  }

  /** How each stands at this moment. Those that cannot be read, or that are gone, are left out. */
  all(): PoolState[] {
    return [...this.#watched].flatMap(([name, { kind, reader, pool }]) => {
      const target = pool.deref();
      if (target === undefined) return [];
      try {
        return [{ name, kind, ...reader.read(target) }];
      } catch {
        return []; // the saturation monitor says why, and takes it out
      }
    });
  }

  #watch(name: string, watched: Omit<Watched, 'handle'>): PoolHandle {
    const probeName = `pool:${name}`;
    const { reader, pool } = watched;
    const handle = {
      remove: () => {
        if (this.#watched.get(name)?.handle !== handle) return;
        this.#watched.delete(name);
        if (this.#probes.get(probeName) === probe) this.#probes.delete(probeName);
        const target = pool.deref();
        if (target !== undefined) guard(`closing the watch of pool "${name}"`, () => reader.close?.(target));
      },
    };
    const probe: Probe = {
      name: probeName,
      sample: () => {
        const target = pool.deref();
        if (target !== undefined) return poolReading(reader.read(target));
        handle.remove();
        return undefined;
      },
      dispose: handle.remove,
    };
    this.#watched.set(name, { ...watched, handle });
    this.#probes.set(probeName, probe);
    return handle;
  }
}

function opened(name: string, pool: object): { kind: PoolKindName; reader: PoolReader } {
  const isObject = (typeof pool === 'object' && pool !== null) || typeof pool === 'function';
  for (const [kind, { open }] of isObject ? Object.entries(poolKinds) : []) {
    const reader = open(pool);
    if (reader !== undefined) return { kind: kind as PoolKindName, reader }; // a key of the table
  }
  const titles = Object.values(poolKinds).map(({ title }) => title);
  throw new TypeError(
    `pool("${name}", pool): got ${described(pool)}, which is none of the pools known by their shape: ${titles.join(', ')}. ` +
      'Pass the pool itself, not a connection of it; for another make pass a probe of your own in saturation.probes.',
  );
}

function described(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? 'a function' : String(value);
  const name = at(value, 'constructor', 'name');
  return typeof name === 'string' && name !== '' && name !== 'Object' ? `a ${name}` : 'an object';
}

function refused(name: string): PoolHandle {
  diagnostics.drop('saturation', 'pool_cap');
  diagnostics.warn(
    'pool cap',
    `more than ${MAX_POOLS} pools: "${name.slice(0, 100)}" and others are not watched. Call remove() on what pool() returned when a pool ends.`,
  );
  return { remove: () => undefined };
}

const registry: PoolRegistry = slot('saturation.pools', () => new PoolRegistry());

/**
 * Watches a connection pool as the resource `pool:<name>` of the saturation: (used + waiting) / max, above 1 when callers
 * queue. The pool is known by its shape: pg, mysql2, ioredis, mongodb, generic-pool, knex, undici, http.Agent. Works before
 * `observe()`. The same name with another pool takes the place of the former. Throws a `TypeError` for an unknown shape.
 */
export function pool(name: string, pool: object): PoolHandle {
  return registry.add(name, pool);
}

/** How every watched pool stands at this moment, for export. */
export function pools(): readonly PoolState[] {
  return registry.all();
}
