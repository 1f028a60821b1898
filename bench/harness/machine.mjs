import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { pinned } from './child.mjs';

const load = () => Number(loadavg()[0].toFixed(1));

/** What figures of one Node must be told with; `end()` says it when they are complete. */
export function machine(node) {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const before = load();
  return {
    node: version,
    end: () => ({
      node: version,
      date: new Date().toISOString().slice(0, 16).replace('T', ' '),
      cores: availableParallelism(),
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      pinned,
      loadBefore: before,
      loadAfter: load(),
    }),
  };
}
