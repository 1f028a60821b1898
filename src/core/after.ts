import type { Clock } from './clock.js';

/** Calls `work` once, in `ms`, unless the returned function is called first. Never keeps the process alive. */
export function after(clock: Clock, ms: number, work: () => void): () => void {
  const cancel = clock.every(ms, () => {
    cancel();
    work();
  });
  return cancel;
}
