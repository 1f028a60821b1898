import { atOnce } from '../core/at-once.js';
import { diagnostics } from '../core/diagnostics.js';
import { type Exchange, OTHER_METHOD, type ServerRequest, UNMATCHED } from '../core/exchange.js';

/** The methods of OpenTelemetry's HTTP semantic conventions; any other folds into `_OTHER`. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']);

export function knownMethod(method: string | undefined): string {
  return method !== undefined && METHODS.has(method) ? method : OTHER_METHOD;
}

/** The part before the query. Total over any bytes that a client can send: no URL parsing. */
export function pathOf(url: string | undefined): string {
  if (url === undefined) return '';
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

/** Names the route of a request where no framework does, as a template: never the path itself. */
export type RouteNamer = (request: ServerRequest) => string | undefined;

/** The route template of an exchange that ends: the framework's, else the user's, else `_unmatched`. */
export function routeOf(exchange: Exchange, namer: RouteNamer | undefined): string {
  try {
    const { request, readRoute } = exchange;
    const route = readRoute?.(exchange) ?? (request && atOnce('http.route', namer?.(request)));
    return typeof route === 'string' && route !== '' ? route : UNMATCHED;
  } catch (cause) {
    diagnostics.report('http.route', cause);
    return UNMATCHED;
  }
}
