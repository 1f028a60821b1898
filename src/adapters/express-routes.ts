import { diagnostics } from '../core/diagnostics.js';
import type { Exchange } from '../core/exchange.js';
import { type CarriedRequest, CONTEXT } from '../http/messages.js';
import { door } from '../http/server.js';
import { type Layer, type LayeredRequest, mountTemplate, routeTemplate } from './express-layers.js';
import { Routing } from './express-routing.js';

const ROUTING = Symbol.for('fourlights.express.routing');
const PATCHED = Symbol.for('fourlights.layer');

type RoutedRequest = CarriedRequest & LayeredRequest & { [ROUTING]?: Routing };
type Next = (signal?: unknown) => void;
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
  for (const method of ['handleRequest', 'handle_request'] as const) wrap(prototype, method, 0, noteLayer);
  for (const method of ['handleError', 'handle_error'] as const) wrap(prototype, method, 1, noteError);
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

type Note = (layer: Layer, request: RoutedRequest, exchange: Exchange | undefined, args: unknown[]) => void;

function wrap(
  prototype: LayerPrototype,
  method: Exclude<keyof LayerPrototype, symbol>,
  requestAt: number,
  note: Note,
): void {
  const handle = prototype[method];
  if (handle === undefined) return;
  prototype[method] = function (this: Layer, ...args: unknown[]): unknown {
    const request = args[requestAt] as RoutedRequest; // the router's own argument
    const context = request[CONTEXT];
    const exchange = context?.exchange;
    if (context === undefined ? isAwaited() : exchange !== undefined && !exchange.ended) {
      try {
        note(this, request, exchange, args);
      } catch (cause) {
        diagnostics.report('express route', cause);
      }
    }
    return Reflect.apply(handle, this, args);
  };
}

/** True where a middleware further down may let the request in: the mounts above it are part of its route. */
function isAwaited(): boolean {
  return door.entry !== undefined && !door.auto;
}

function noteLayer(layer: Layer, request: RoutedRequest, exchange: Exchange | undefined, args: unknown[]): void {
  const baseUrl = request.baseUrl ?? '';
  if (layer.route === undefined && baseUrl === '') return;
  const routing = request[ROUTING] ?? new Routing();
  request[ROUTING] = routing;
  if (exchange !== undefined) own(exchange, routing);
  let depth: number | undefined;
  if (layer.route !== undefined) routing.atRoute(baseUrl, routeTemplate(layer, request));
  else depth = routing.enter(baseUrl, (path) => mountTemplate(layer, path, request));
  if (layer.route !== undefined || depth !== undefined) args[2] = watched(args[2] as Next, request, routing, depth);
}

/** Where a layer goes on, it has left its mount; and what it goes on with may be why the request fails. */
function watched(next: Next, request: RoutedRequest, routing: Routing, depth: number | undefined): Next {
  return (signal) => {
    const isError = Boolean(signal) && signal !== 'route' && signal !== 'router';
    if (isError) noteFailure(request[CONTEXT]?.exchange, signal);
    if (depth !== undefined) routing.leave(depth, isError);
    next(signal);
  };
}

function noteError(_layer: Layer, _request: RoutedRequest, exchange: Exchange | undefined, [error]: unknown[]): void {
  noteFailure(exchange, error);
}

function noteFailure(exchange: Exchange | undefined, error: unknown): void {
  if (exchange !== undefined) exchange.failure ??= error;
}

function own(exchange: Exchange, routing: Routing): void {
  if (exchange.routing !== undefined) return;
  exchange.routing = routing;
  exchange.readRoute = readRoute;
}

function readRoute(exchange: Exchange): string | undefined {
  return (exchange.routing as Routing).template; // set together with this function
}
