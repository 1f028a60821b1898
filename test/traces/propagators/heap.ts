import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void; // there once the flag is set

/** How much `work` has left on the heap with all that it returned, in MiB, once the garbage is gone. */
export function keptBy(work: () => unknown): number {
  collect();
  const before = process.memoryUsage().heapUsed;
  const result = work();
  collect();
  const grown = process.memoryUsage().heapUsed - before;
  return result === undefined ? 0 : grown / 2 ** 20;
}
