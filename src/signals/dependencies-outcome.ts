/** Codes such as `ECONNREFUSED` or SQL's `23505`; a sentence is none. */
const CODE = /^[\w.-]{1,50}$/;

/** A closed set in practice: the system's or the driver's code where there is one, else the name of the error's class. */
export function errorTypeOf(failure: unknown): string {
  if (!(failure instanceof Error)) return typeof failure;
  if ('code' in failure && typeof failure.code === 'string' && CODE.test(failure.code)) return failure.code;
  return CODE.test(failure.name) ? failure.name : 'Error';
}

/** Whoever called changed their mind, which says nothing of the dependency. A time-out is a `TimeoutError`, and an error. */
export function isGivenUp(failure: unknown): boolean {
  return failure instanceof Error && failure.name === 'AbortError';
}
