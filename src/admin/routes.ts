import type { IncomingMessage, ServerResponse } from 'node:http';
import { diagnostics } from '../core/diagnostics.js';
import { pathOf } from '../http/route.js';
import type { Access, Guest } from './access.js';

export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** `guest`: who was let in. */
export type GuestHandler = (request: IncomingMessage, response: ServerResponse, guest: Guest) => unknown;

export type Route =
  /** Answers everybody, says little, and is what an orchestrator asks, or is a door itself. */
  | { readonly open: true; readonly handle: Handler }
  /** `uninvited`: what somebody without a token is shown instead of a bare 401. */
  | { readonly open?: undefined; readonly handle: GuestHandler; readonly uninvited?: Handler };

/** The admin surface by its paths. */
export type Routes = Readonly<Record<string, Route>>;

/** Headers of every answer: nothing here is for a cache, a frame or another origin. */
const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

/** Answers what `routes` has, to whom `access` lets in. Never throws: it may be mounted in somebody's server. */
export function adminHandler(
  routes: Routes,
  access: Access,
): (request: IncomingMessage, response: ServerResponse) => void {
  return function admin(request, response) {
    void answer(routes, access, request, response).catch((cause: unknown) => {
      if (!request.destroyed || request.complete) diagnostics.report('admin', cause);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  };
}

async function answer(
  routes: Routes,
  access: Access,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  const path = pathOf(request.url);
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (route?.open === true) return void (await route.handle(request, response));
  const guest = access.guest(request);
  if (typeof guest === 'object') {
    if (route === undefined) return refuse(response, 404);
    return void (await route.handle(request, response, guest));
  }
  if (guest === 401) response.setHeader('www-authenticate', 'Bearer');
  if (guest === 401 && route?.uninvited !== undefined && request.headers.accept?.includes('text/html')) {
    return void (await route.uninvited(request, response));
  }
  refuse(response, guest);
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${status}\n`);
}
