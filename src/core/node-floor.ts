/** The first minor of each major where a stack overflow in the reach of an AsyncLocalStorage throws, as it should. */
const FLOORS: Readonly<Record<number, number>> = { 20: 20, 22: 22, 24: 13, 25: 3 };
const FIRST_SAFE_MAJOR = 26;

/**
 * What is to be said of a Node below its line's floor, else `undefined`. There, deeply nested input ends the process with
 * exit code 7, and nothing can catch it: CVE-2025-59466.
 */
export function nodeAdvice(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const floor = FLOORS[major];
  if (major >= FIRST_SAFE_MAJOR || (floor !== undefined && minor >= floor)) return undefined;
  const wanted = floor === undefined ? 'a line that has the fix, such as 24' : `${major}.${floor} or later`;
  return `on Node ${version} deeply nested input can end the process (CVE-2025-59466): use Node ${wanted}`;
}
