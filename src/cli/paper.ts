import type { Paper } from './top-screen.js';

/** The terminal as it is at each moment, which may be widened; `undefined`: nobody watches, or not on one. */
export function paperOf({ stdout, env }: Pick<NodeJS.Process, 'stdout' | 'env'>): (() => Paper) | undefined {
  if (stdout.isTTY !== true) return undefined;
  return () => ({ columns: stdout.columns, rows: stdout.rows, coloured: (env['NO_COLOR'] ?? '') === '' });
}
