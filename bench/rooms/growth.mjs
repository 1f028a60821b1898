// Whether anything grows that should not: with routes, requests, open requests, flags.
import * as flags from './growth/flags.mjs';
import * as open from './growth/open.mjs';
import * as requests from './growth/requests.mjs';
import * as routes from './growth/routes.mjs';

export const title = 'Growth';

const parts = { routes, requests, open, flags };

/** @param {import('../harness/bench.mjs').Bench} bench */
export async function measure(bench, options) {
  const result = {};
  for (const [name, part] of Object.entries(parts)) {
    bench.say(` ${name}`);
    result[name] = await part.measure(bench, options);
  }
  return result;
}

export const markdown = (result) =>
  Object.entries(parts)
    .map(([name, part]) => part.markdown(result[name]))
    .join('\n\n');
