import { diagnostics } from './diagnostics.js';
import { isThenable } from './thenable.js';

/**
 * What a function of the user's has answered where the answer is needed at once. A promise is none: whoever gave an async
 * function hears of it under `where`, and its rejection, unheard, does not end the process.
 */
export function atOnce<T>(where: string, answer: T): T | undefined {
  if (!isThenable(answer)) return answer;
  answer.then(undefined, () => undefined);
  diagnostics.report(where, new TypeError('it answered with a promise; the answer must be there at once'));
  return undefined;
}
