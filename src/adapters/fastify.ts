import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from '../context/store.js';
import type { Exchange } from '../core/exchange.js';
import { type CarriedRequest, CONTEXT } from '../http/messages.js';
import { enter, isOpen, isRefused } from '../http/server.js';

/** What is read of Fastify's request. `routeOptions.url` is the template, prefixes included; it is missing on a 404. */
export interface FastifyRequest {
  readonly raw: IncomingMessage;
  readonly is404?: boolean;
  readonly routeOptions?: { readonly url?: string | undefined } | undefined;
}

/** What is used of Fastify's reply. */
export interface FastifyReply {
  readonly raw: ServerResponse;
  /** Fastify answers it no more. */
  hijack(): unknown;
}

type Done = (error?: Error) => void;

/** What is used of a Fastify instance. */
export interface FastifyInstance {
  addHook(name: 'onRequest', hook: (request: FastifyRequest, reply: FastifyReply, done: Done) => void): unknown;
  addHook(
    name: 'onError',
    hook: (request: FastifyRequest, reply: FastifyReply, error: Error, done: Done) => void,
  ): unknown;
}

/** For `app.register()`. */
export type FastifyPlugin = (fastify: FastifyInstance, options: object, done: Done) => void;

/** Fastify's own mark of a plugin whose hooks are for the whole application, not for what is registered inside of it. */
const SKIP_OVERRIDE = Symbol.for('skip-override');

/**
 * Route templates for Fastify: `app.register(goldenSignals())`, before the routes. Lets the request in where the automatic
 * entry does not (`http: { auto: false }`); beside it, or registered twice, a request counts once.
 */
export function goldenSignals(): FastifyPlugin {
  const plugin: FastifyPlugin = function goldenSignals(fastify, _options, done) {
    fastify.addHook('onRequest', (request, reply, next) => {
      const entered = (request.raw as CarriedRequest)[CONTEXT];
      if (entered !== undefined) return go(entered, request, reply, next);
      if (!isOpen()) return next();
      enter(request.raw, reply.raw, (context) => go(context, request, reply, next));
    });
    fastify.addHook('onError', (request, _reply, error, next) => {
      const exchange = (request.raw as CarriedRequest)[CONTEXT]?.exchange;
      if (exchange !== undefined) exchange.failure ??= error;
      next();
    });
    done();
  };
  return Object.assign(plugin, { [SKIP_OVERRIDE]: true });
}

function go(context: Context | undefined, request: FastifyRequest, reply: FastifyReply, next: Done): void {
  follow(context?.exchange, request);
  if (isRefused(request.raw, reply.raw)) reply.hijack();
  else next();
}

function follow(exchange: Exchange | undefined, request: FastifyRequest): void {
  if (exchange === undefined || exchange.routing !== undefined) return;
  exchange.routing = request;
  exchange.readRoute = readRoute;
}

function readRoute(exchange: Exchange): string | undefined {
  const { is404, routeOptions } = exchange.routing as FastifyRequest; // set together with this function
  return is404 === true ? undefined : routeOptions?.url;
}
