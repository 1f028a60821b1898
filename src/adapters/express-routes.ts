import { diagnostics } from '../core/diagnostics.js';
import type { Exchange } from '../core/exchange.js';
import { type CarriedRequest, CONTEXT } from '../http/messages.js';
import { type Layer, mountTemplate, routeTemplate } from './express-layers.js';

type RoutedRequest = CarriedRequest & { readonly baseUrl?: string };
type Handle = (this: Layer, ...args: unknown[]) => unknown;
interface LayerPrototype {
  [PATCHED]?: true;
  /** Express 4 */
  handle_request?: Handle;
  handle_error?: Handle;
  /** router 2, which Express 5 stands on */
  handleRequest?: Handle;
  handleError?: Handle;
}

const PATCHED = Symbol.for('fourlights.layer');

/** Where one request is in the tree of routers. The concrete `baseUrl` tells which mounts still hold. */
interface Mount {
  readonly baseUrl: string;
  readonly template: string;
}

class Routing {
  template: string | undefined = undefined;
  readonly mounts: Mount[] = [];

  /** Leaves the mounts that `baseUrl` is no longer under; the template of what is left. */
  under(baseUrl: string): string {
    for (let top = this.mounts.at(-1); top !== undefined; top = this.mounts.at(-1)) {
      if (isUnder(baseUrl, top.baseUrl)) return top.template;
      this.mounts.pop();
    }
    return '';
  }
}

function isUnder(baseUrl: string, mount: string): boolean {
  return baseUrl.startsWith(mount) && (baseUrl.length === mount.length || baseUrl[mount.length] === '/');
}

/**
 * Learns routes where Express itself matches them: at the end of a request `req.baseUrl` holds raw values, and after
 * an error it is empty. Wraps the methods of the application's own Layer class, reached through one of its layers, so
 * Express is never imported and any number of copies of it is served.
 */
export function learnRoutes(app: unknown): void {
  const layer = firstLayer(app);
  if (layer === undefined) return;
  const prototype: LayerPrototype = Object.getPrototypeOf(layer);
  if (prototype[PATCHED] === true) return;
  prototype[PATCHED] = true;
  for (const method of ['handleRequest', 'handle_request'] as const) wrap(prototype, method, noteLayer, 0);
  for (const method of ['handleError', 'handle_error'] as const) wrap(prototype, method, noteError, 1);
}

type Note = (layer: Layer, exchange: Exchange, request: RoutedRequest, args: unknown[]) => void;

function wrap(
  prototype: LayerPrototype,
  method: Exclude<keyof LayerPrototype, symbol>,
  note: Note,
  requestAt: number,
): void {
  const handle = prototype[method];
  if (handle === undefined) return;
  prototype[method] = function (this: Layer, ...args: unknown[]): unknown {
    const request = args[requestAt] as RoutedRequest; // the router's own argument
    const exchange = request[CONTEXT]?.exchange;
    if (exchange !== undefined && !exchange.ended) {
      try {
        note(this, exchange, request, args);
      } catch (cause) {
        diagnostics.report('express route', cause);
      }
    }
    return Reflect.apply(handle, this, args);
  };
}

function noteLayer(layer: Layer, exchange: Exchange, request: RoutedRequest): void {
  const baseUrl = request.baseUrl ?? '';
  if (layer.route !== undefined) {
    const routing = routingOf(exchange);
    routing.template = joined(routing.under(baseUrl), routeTemplate(layer, request));
    return;
  }
  const template = mountTemplate(layer, request);
  if (template === '') return;
  const { mounts } = routingOf(exchange);
  for (let top = mounts.at(-1); top !== undefined; top = mounts.at(-1)) {
    if (isUnder(baseUrl, top.baseUrl) && top.baseUrl.length < baseUrl.length) break;
    mounts.pop();
  }
  mounts.push({ baseUrl, template: joined(mounts.at(-1)?.template ?? '', template) });
}

function noteError(_layer: Layer, exchange: Exchange, _request: RoutedRequest, [error]: unknown[]): void {
  exchange.failure ??= error;
}

function routingOf(exchange: Exchange): Routing {
  if (exchange.routing instanceof Routing) return exchange.routing;
  const routing = new Routing();
  exchange.routing = routing;
  exchange.readRoute = readRoute;
  return routing;
}

/** A response from inside a mount that matched no route, such as a folder of static files, is named by its mount. */
function readRoute(exchange: Exchange): string | undefined {
  const routing = exchange.routing;
  if (!(routing instanceof Routing)) return undefined;
  if (routing.template !== undefined) return routing.template;
  const mount = routing.under((exchange.request as RoutedRequest).baseUrl ?? '');
  return mount === '' ? undefined : `${mount}/*`;
}

function joined(mount: string, template: string): string {
  if (mount === '') return template;
  return template === '/' || template === '' ? mount : mount + (template.startsWith('/') ? template : `/${template}`);
}

/** `_router` is Express 4's, where reading `router` throws; `router` is Express 5's. */
function firstLayer(app: unknown): object | undefined {
  if (typeof app !== 'function') return undefined;
  const { _router: old } = app as { _router?: { stack?: unknown[] } };
  const router = old ?? ('lazyrouter' in app ? undefined : (app as { router?: { stack?: unknown[] } }).router);
  const layer = router?.stack?.[0];
  return typeof layer === 'object' && layer !== null ? layer : undefined;
}
