import type { Context } from '../context/store.js';
import { runIn, store } from '../context/store.js';
import type { AnyResponse, Exchange, ServerRequest } from '../core/exchange.js';
import { besideOurs } from './head.js';

/** Under this symbol a request and its response know their context: shared by all copies of the package. */
export const CONTEXT = Symbol.for('fourlights.context');
const BOUND = Symbol.for('fourlights.bound');

interface Carried {
  [CONTEXT]?: Context;
  [BOUND]?: true;
}

export type CarriedRequest = ServerRequest & Carried;
export type CarriedResponse = AnyResponse & Carried;

type Emit = (this: object, ...args: unknown[]) => boolean;
type WriteHead = (this: CarriedResponse, ...args: unknown[]) => unknown;

/** What happens to a response, told by the messages' own events: no listener is added to any request. */
export interface Milestones {
  /** The head is about to be written. */
  head(context: Context, response: AnyResponse): void;
  /** The last byte was handed to the system. */
  lastByte(exchange: Exchange): void;
  closed(exchange: Exchange): void;
}

/**
 * Binds the events of requests and responses to their context: body events belong to the connection's parser, so
 * `AsyncLocalStorage.run` around the handler alone loses every one of them (nodejs/node#41285). Done once per class of
 * message, on its prototype; a message without a context passes straight through.
 */
export function bindMessages(request: CarriedRequest, response: CarriedResponse, milestones: Milestones): void {
  if (request[BOUND] !== true) bindRequests(owner(request, 'headers'), milestones);
  if (response[BOUND] !== true) bindResponses(owner(response, 'writeHead'), milestones);
}

/** The class that defines `member`: http's or http2's own, or an application's subclass of it. */
function owner<T extends object>(message: T, member: string): T {
  let prototype = Object.getPrototypeOf(message);
  while (prototype !== null && !Object.hasOwn(prototype, member)) prototype = Object.getPrototypeOf(prototype);
  return prototype ?? Object.getPrototypeOf(message);
}

function bindRequests(prototype: CarriedRequest, milestones: Milestones): void {
  const emit: Emit = prototype.emit as Emit;
  prototype[BOUND] = true;
  prototype.emit = function (this: CarriedRequest, ...args: unknown[]): boolean {
    const context = this[CONTEXT];
    if (context === undefined) return Reflect.apply(emit, this, args);
    const { exchange } = context;
    // A response queued behind another one is never closed when its connection goes; its request is.
    if (args[0] === 'close' && exchange !== undefined && isOrphan(exchange)) milestones.closed(exchange);
    return within(context, emit, this, args);
  } as typeof prototype.emit;
}

function bindResponses(prototype: CarriedResponse, milestones: Milestones): void {
  const emit: Emit = prototype.emit as Emit;
  const writeHead = prototype.writeHead as WriteHead;
  prototype[BOUND] = true;
  prototype.emit = function (this: CarriedResponse, ...args: unknown[]): boolean {
    const context = this[CONTEXT];
    if (context === undefined) return Reflect.apply(emit, this, args);
    if (context.exchange !== undefined) note(args[0], context.exchange, milestones);
    return within(context, emit, this, args);
  } as typeof prototype.emit;
  prototype.writeHead = function (this: CarriedResponse, ...args: unknown[]): unknown {
    const context = this[CONTEXT];
    if (context === undefined) return Reflect.apply(writeHead, this, args);
    milestones.head(context, this);
    return Reflect.apply(writeHead, this, besideOurs(this, args));
  } as typeof prototype.writeHead;
}

function note(event: unknown, exchange: Exchange, milestones: Milestones): void {
  if (event === 'finish') milestones.lastByte(exchange);
  else if (event === 'close') milestones.closed(exchange);
  else if (event === 'timeout') exchange.timedOut = true;
}

/** A context made by `context.run` inside the same request stays as it is. */
function within(context: Context, emit: Emit, message: object, args: unknown[]): boolean {
  const current = store.getStore();
  if (
    current === context ||
    (current !== undefined && current.exchange !== undefined && current.exchange === context.exchange)
  ) {
    return Reflect.apply(emit, message, args);
  }
  return runIn(context, Reflect.apply<object, unknown[], boolean>, emit, message, args);
}

function isOrphan(exchange: Exchange): boolean {
  return !exchange.ended && exchange.socket !== null && exchange.socket.destroyed && exchange.response?.socket === null;
}
