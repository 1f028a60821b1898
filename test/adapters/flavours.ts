import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';

/** Only what these tests use of Express: the three versions bring no types, or different ones. */
export type Next = (error?: unknown) => void;
export type Request = IncomingMessage & { readonly params: Record<string, string>; readonly body: unknown };
export type Response = ServerResponse & { json(body: unknown): void };
export type Handler = (request: Request, response: Response, next: Next) => unknown;
export type ErrorHandler = (error: Error, request: Request, response: Response, next: Next) => unknown;
type Register = (path: unknown, ...handlers: readonly unknown[]) => unknown;

export interface Router {
  use: (...args: readonly unknown[]) => unknown;
  get: Register;
  post: Register;
  all: Register;
  route(path: string): { get(handler: Handler): unknown };
  param(name: string, handler: (request: Request, response: Response, next: Next) => void): unknown;
}

export type App = RequestListener & Router & { set(name: string, value: unknown): unknown };

export interface Express {
  (): App;
  Router(options?: { mergeParams?: boolean }): Router;
  json(): Handler;
}

export interface Flavour {
  readonly name: string;
  readonly load: () => Promise<Express>;
  readonly wildcard: string;
  readonly optional: (name: string) => string;
  /** How the router answers for what it does not keep of a mount, or keeps in another form. */
  readonly told: { readonly regexpMount: string; readonly optionalMount: readonly [without: string, with_: string] };
  /** Fails after a turn of the event loop, in the way that this version hears of it. */
  readonly failLater: (cause: Error) => Handler;
}

async function load(name: string): Promise<Express> {
  const module: { readonly default: Express } = await import(name);
  return module.default;
}

const rejecting = (cause: Error): Handler => {
  return async () => {
    await turn();
    throw cause;
  };
};

const five = { wildcard: '*rest', optional: (name: string) => `{/:${name}}`, failLater: rejecting };

export const flavours: readonly Flavour[] = [
  {
    ...five,
    name: 'express 5.3',
    load: () => load('express'),
    told: { regexpMount: '/^\\/v(\\d+)/', optionalMount: ['/maybe{/:x}/end', '/maybe{/:x}/end'] },
  },
  {
    name: 'express 4.22',
    load: () => load('express-4'),
    wildcard: '*',
    optional: (name) => `/:${name}?`,
    told: { regexpMount: '/^\\/v(\\d+)/', optionalMount: ['/maybe/:x?/end', '/maybe/:x?/end'] },
    failLater: (cause) => (_request, _response, next) => setImmediate(next, cause),
  },
  {
    ...five,
    name: 'express 5.1 with router 2.2',
    load: () => load('express-router-2-2'),
    told: { regexpMount: '/(regexp)', optionalMount: ['/maybe/end', '/maybe/:x/end'] },
  },
];
