import { atOnce } from '../core/at-once.js';
import type { ServerRequest } from '../core/exchange.js';
import { guard } from '../core/guard.js';

type Ignore = readonly string[] | ((request: ServerRequest) => boolean);

/** Which requests leave no record. Of a list, `/livez` means that path and `/assets/*` all below it. */
export function ignoreRule(ignore: Ignore): (request: ServerRequest, path: string) => boolean {
  if (typeof ignore === 'function') return (request) => asked(ignore, request);
  if (ignore.length === 0) return () => false;
  const paths = new Set(ignore.filter((entry) => !entry.endsWith('*')));
  const prefixes = ignore.filter((entry) => entry.endsWith('*')).map((entry) => entry.slice(0, -1));
  return (_request, path) => paths.has(path) || prefixes.some((prefix) => path.startsWith(prefix));
}

/** A function that throws ignores nothing. */
function asked(ignore: (request: ServerRequest) => boolean, request: ServerRequest): boolean {
  let ignored = false;
  guard('http.ignore', () => {
    ignored = atOnce('http.ignore', ignore(request)) === true;
  });
  return ignored;
}
