// Whether anything grows that should not: with routes, requests, open requests, flags.
import { failed } from '../harness/markdown.mjs';
import * as flags from './growth/flags.mjs';
import * as open from './growth/open.mjs';
import * as requests from './growth/requests.mjs';
import * as routes from './growth/routes.mjs';

export const title = 'Growth';

const parts = { routes, requests, open, flags };

/** @param {import('../harness/bench.mjs').Bench} bench */
export async function measure(bench, options) {
  const result = { failures: [] };
  for (const [name, part] of Object.entries(parts)) {
    bench.say(` ${name}`);
    try {
      result[name] = await part.measure(bench, options);
    } catch ({ message }) {
      result.failures.push({ name, message });
    }
  }
  return result;
}

export const markdown = (result) =>
  Object.entries(parts)
    .flatMap(([name, part]) => (result[name] === undefined ? [] : part.markdown(result[name])))
    .concat(failed(result.failures))
    .filter(Boolean)
    .join('\n\n');
