import type { IncomingMessage, ServerResponse } from 'node:http';
import { diagnostics } from '../core/diagnostics.js';
import { pathOf } from '../http/route.js';
import type { Access } from './access.js';

export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

export interface Route {
  /** Answers everybody, says little, and is what an orchestrator asks. */
  readonly open?: true;
  readonly handle: Handler;
}

/** The admin surface by its paths. */
export type Routes = Readonly<Record<string, Route>>;

/** Headers of every answer: nothing here is for a cache, a frame or another origin. */
const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };

/** Answers what `routes` has, to whom `access` lets in. Never throws: it may be mounted in somebody's server. */
export function adminHandler(
  routes: Routes,
  access: Access,
): (request: IncomingMessage, response: ServerResponse) => void {
  return function admin(request, response) {
    void answer(routes, access, request, response).catch((cause: unknown) => {
      diagnostics.report('admin', cause);
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
  const verdict = route?.open === true ? 200 : access.verdict(request);
  if (verdict === 401) response.setHeader('www-authenticate', 'Bearer');
  if (verdict !== 200) return refuse(response, verdict);
  if (route === undefined) return refuse(response, 404);
  await route.handle(request, response);
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${status}\n`);
}
