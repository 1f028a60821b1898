import { diagnostics } from './diagnostics.js';

/** The first release of each line in which a stack overflow beside an `AsyncLocalStorage` can be caught (CVE-2025-59466). */
export const FLOORS: ReadonlyMap<number, readonly [minor: number, patch: number]> = new Map([
  [20, [20, 0]],
  [22, [22, 0]],
  [24, [13, 0]],
  [25, [3, 0]],
]);

/** `version` as `process.version` has it. Lines that came later have it from their beginning. */
export function isBelowFloor(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const floor = FLOORS.get(major);
  return floor === undefined ? major < 26 : minor < floor[0];
}

/** Says once that this Node ends the process at a stack overflow inside of a request. */
export function tellNodeFloor(version: string): void {
  if (!isBelowFloor(version)) return;
  const floors = [...FLOORS].map(([major, [minor, patch]]) => `${major}.${minor}.${patch}`).join(', ');
  diagnostics.warn(
    'node floor',
    `Node ${version} ends the process when the stack overflows inside of a request, and nothing can catch it: use ${floors} or later`,
  );
}
