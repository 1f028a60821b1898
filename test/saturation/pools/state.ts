import { PoolRegistry } from '../../../src/saturation/pools/registry.js';

/** How a pool stands, as a registry of its own sees it. */
export function stateOf(pool: object) {
  const registry = new PoolRegistry(new Map());
  const handle = registry.add('it', pool);
  const [state] = registry.all();
  handle.remove();
  return state;
}
