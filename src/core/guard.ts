import { diagnostics } from './diagnostics.js';

/** Runs `work`; what it throws, or rejects with, is reported under `where` and goes no further. */
export function guard(where: string, work: () => unknown): void {
  try {
    const result = work();
    if (result instanceof Promise) result.catch((cause) => diagnostics.report(where, cause));
  } catch (cause) {
    diagnostics.report(where, cause);
  }
}
