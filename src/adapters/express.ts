import type { IncomingMessage, ServerResponse } from 'node:http';
import { type CarriedRequest, CONTEXT } from '../http/messages.js';
import { enter, isOpen, isRefused } from '../http/server.js';
import { followRoutes, learnRoutes } from './express-routes.js';

type Next = (error?: unknown) => void;

/** Any framework with Express's signature; the request of Express itself knows its application. */
export type ExpressMiddleware = (
  request: IncomingMessage & { readonly app?: unknown },
  response: ServerResponse,
  next: Next,
) => void;

/**
 * Route templates for Express 4 and 5, nested routers and sub-applications included. Lets the request in where the
 * automatic entry does not (`http: { auto: false }`); beside it, or mounted twice, a request counts once.
 */
export function goldenSignals(): ExpressMiddleware {
  return function goldenSignals(request, response, next) {
    if (!isOpen()) return next();
    learnRoutes(request.app);
    if ((request as CarriedRequest)[CONTEXT] !== undefined) return isRefused(request, response) ? undefined : next();
    return enter(request, response, (context) => {
      if (context?.exchange !== undefined) followRoutes(context.exchange, request);
      if (!isRefused(request, response)) next();
    });
  };
}
