import { diagnostics } from '../core/diagnostics.js';
import type { Exchange } from '../core/exchange.js';
import { type CarriedRequest, CONTEXT } from '../http/messages.js';
import { door } from '../http/server.js';
import type { Layer, LayeredRequest } from './express-layers.js';
import { type Mount, Routing } from './express-routing.js';

const ROUTING = Symbol.for('fourlights.express.routing');
const PATCHED = Symbol.for('fourlights.layer');

type RoutedRequest = CarriedRequest & LayeredRequest & { [ROUTING]?: Routing };
type Next = (signal?: unknown) => void;
type Handle = (this: Layer, request: RoutedRequest, response: unknown, next: Next) => unknown;
type HandleError = (this: Layer, error: unknown, request: RoutedRequest, response: unknown, next: Next) => unknown;
interface LayerPrototype {
  [PATCHED]?: true;
  /** Express 4 */
  handle_request?: Handle;
  handle_error?: HandleError;
  /** router 2, which Express 5 stands on */
  handleRequest?: Handle;
  handleError?: HandleError;
}

/**
 * Learns routes where Express itself matches them: at the end of a request `req.baseUrl` holds raw values, and after
 * an error it is empty. Wraps the methods of the application's own Layer class, reached through one of its layers, so
 * Express is never imported and any number of copies of it is served. False while an application has no layer yet.
 */
export function learnRoutes(app: unknown): boolean {
  const stack = stackOf(app);
  if (stack === undefined) return true;
  const [layer] = stack;
  if (typeof layer !== 'object' || layer === null) return false;
  const prototype: LayerPrototype = Object.getPrototypeOf(layer);
  if (prototype[PATCHED] === true) return true;
  prototype[PATCHED] = true;
  for (const method of ['handleRequest', 'handle_request'] as const) wrapHandle(prototype, method);
  for (const method of ['handleError', 'handle_error'] as const) wrapError(prototype, method);
  return true;
}

/** The layers of an application. `_router` is Express 4's, where reading `router` throws; `router` is Express 5's. */
function stackOf(app: unknown): readonly unknown[] | undefined {
  if (typeof app !== 'function') return undefined;
  const { _router: old } = app as { _router?: { stack?: unknown[] } };
  const isOld = 'lazyrouter' in app;
  const stack = (isOld ? old : (app as { router?: { stack?: unknown[] } }).router)?.stack;
  return isOld ? (stack ?? []) : stack;
}

/** For a request that a middleware let in: what was noted before it, or nothing where a mount above went unseen. */
export function followRoutes(exchange: Exchange, request: RoutedRequest): void {
  const routing = request[ROUTING];
  if (routing !== undefined) own(exchange, routing);
  else if ((request.baseUrl ?? '') !== '') exchange.routing = 'unseen';
}

/** Each layer that a request passes comes by here: no list of arguments is made for any. */
function wrapHandle(prototype: LayerPrototype, method: 'handleRequest' | 'handle_request'): void {
  const handle = prototype[method];
  if (handle === undefined) return;
  prototype[method] = function (this: Layer, request, response, next): unknown {
    return handle.call(this, request, response, isFollowed(request) ? followed(this, request, next) : next);
  };
}

function wrapError(prototype: LayerPrototype, method: 'handleError' | 'handle_error'): void {
  const handle = prototype[method];
  if (handle === undefined) return;
  prototype[method] = function (this: Layer, error, request, response, next): unknown {
    if (isFollowed(request)) noteFailure(request[CONTEXT]?.exchange, error);
    return handle.call(this, error, request, response, next);
  };
}

function isFollowed(request: RoutedRequest): boolean {
  const context = request[CONTEXT];
  if (context === undefined) return isAwaited();
  return context.exchange !== undefined && !context.exchange.ended;
}

/** What the layer is to go on with. */
function followed(layer: Layer, request: RoutedRequest, next: Next): Next {
  try {
    return noteLayer(layer, request, next);
  } catch (cause) {
    diagnostics.report('express route', cause);
    return next;
  }
}

/** True where a middleware further down may let the request in: the mounts above it are part of its route. */
function isAwaited(): boolean {
  return door.entry !== undefined && !door.auto;
}

function noteLayer(layer: Layer, request: RoutedRequest, next: Next): Next {
  const baseUrl = request.baseUrl ?? '';
  if (layer.route === undefined && baseUrl === '') return next;
  const routing = routingOf(request, request[CONTEXT]?.exchange);
  if (routing === undefined) return next;
  if (layer.route !== undefined) {
    routing.atRoute(layer, baseUrl, request);
    return watched(next, request, routing, undefined);
  }
  const mount = routing.enter(layer, baseUrl, request);
  return mount === undefined ? next : watched(next, request, routing, mount);
}

/** Where a layer goes on, it has left its mount; and what it goes on with may be why the request fails. */
function watched(next: Next, request: RoutedRequest, routing: Routing, mount: Mount | undefined): Next {
  return (signal) => {
    const isError = Boolean(signal) && signal !== 'route' && signal !== 'router';
    if (isError) noteFailure(request[CONTEXT]?.exchange, signal);
    if (mount !== undefined) routing.leave(mount, isError);
    next(signal);
  };
}

function noteFailure(exchange: Exchange | undefined, error: unknown): void {
  if (exchange !== undefined) exchange.failure ??= error;
}

/** Kept on the exchange where there is one: a property more on Express's request costs a microsecond. */
function routingOf(request: RoutedRequest, exchange: Exchange | undefined): Routing | undefined {
  if (exchange === undefined) {
    request[ROUTING] ??= new Routing();
    return request[ROUTING];
  }
  if (exchange.routing === undefined) own(exchange, notedBefore(request) ?? new Routing());
  return exchange.routing instanceof Routing ? exchange.routing : undefined;
}

/** Where the server lets requests in, none has passed a layer before: the look that finds nothing takes Node 20 0.4 us. */
function notedBefore(request: RoutedRequest): Routing | undefined {
  return door.auto ? undefined : request[ROUTING];
}

function own(exchange: Exchange, routing: Routing): void {
  if (exchange.routing !== undefined) return;
  exchange.routing = routing;
  exchange.readRoute = readRoute;
}

function readRoute(exchange: Exchange): string | undefined {
  return (exchange.routing as Routing).template; // set together with this function
}
