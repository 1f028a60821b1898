import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from '../context/store.js';
import type { Exchange } from '../core/exchange.js';
import { type CarriedRequest, CONTEXT } from '../http/messages.js';
import { enter, isOpen, isRefused } from '../http/server.js';

/** What is read of Koa's context. `_matchedRoute` is set by `@koa/router`, prefix and nesting included. */
export interface KoaContext {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly _matchedRoute?: unknown;
}

/** For `app.use()`. */
export type KoaMiddleware = (context: KoaContext, next: () => Promise<unknown>) => Promise<unknown>;

/**
 * Route templates for Koa with `@koa/router`. Lets the request in where the automatic entry does not
 * (`http: { auto: false }`); beside it, or mounted twice, a request counts once.
 */
export function goldenSignals(): KoaMiddleware {
  return function goldenSignals(koa, next) {
    const entered = (koa.req as CarriedRequest)[CONTEXT];
    if (entered !== undefined) return follow(entered, koa, next);
    if (!isOpen()) return next();
    return enter(koa.req, koa.res, (context) => follow(context, koa, next));
  };
}

function follow(context: Context | undefined, koa: KoaContext, next: () => Promise<unknown>): Promise<unknown> {
  if (isRefused(koa.req, koa.res)) return Promise.resolve(); // Koa leaves alone what has been answered
  const exchange = context?.exchange;
  if (exchange === undefined || exchange.routing !== undefined) return next();
  exchange.routing = koa;
  exchange.readRoute = readRoute;
  return next().catch((cause: unknown) => {
    exchange.failure ??= cause;
    throw cause;
  });
}

/** Koa answers 404 when no route matched, and by default also when the client has gone: there is no template then. */
function readRoute(exchange: Exchange): string | undefined {
  const matched = (exchange.routing as KoaContext)._matchedRoute; // set together with this function
  return matched === undefined || matched === null ? undefined : String(matched);
}
