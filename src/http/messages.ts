import { EventEmitter } from 'node:events';
import type { Context } from '../context/store.js';
import { runIn, store } from '../context/store.js';
import type { AnyResponse, Exchange, ServerRequest } from '../core/exchange.js';
import { besideOurs } from './head.js';
import { listenerCount, rawListeners } from './own-reads.js';

/** Under this symbol a request and its response know their context: shared by all copies of the package. */
export const CONTEXT = Symbol.for('fourlights.context');
const BOUND = Symbol.for('fourlights.bound');

interface Carried {
  [CONTEXT]?: Context;
  [BOUND]?: true;
}

export type CarriedRequest = ServerRequest & Carried;
export type CarriedResponse = AnyResponse & Carried;

type Emit = (this: object, event: string, ...rest: unknown[]) => boolean;
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
  const isNodes = prototype.emit === EventEmitter.prototype.emit;
  prototype[BOUND] = true;
  prototype.emit = function (this: CarriedRequest, event: string, ...rest: unknown[]): boolean {
    const context = this[CONTEXT];
    if (context === undefined) return emit.call(this, event, ...rest);
    const { exchange } = context;
    // A response queued behind another one is never closed when its connection goes; its request is.
    if (event === 'close' && exchange !== undefined && isOrphan(exchange)) milestones.closed(exchange);
    if (isNodes && isUnheard(this, event)) return false;
    return isPlain(context, this, event)
      ? emit.call(this, event, ...rest)
      : runIn(context, emitted, emit, this, event, rest);
  } as typeof prototype.emit;
}

function bindResponses(prototype: CarriedResponse, milestones: Milestones): void {
  const emit: Emit = prototype.emit as Emit;
  const isNodes = prototype.emit === EventEmitter.prototype.emit;
  const writeHead = prototype.writeHead as WriteHead;
  prototype[BOUND] = true;
  prototype.emit = function (this: CarriedResponse, event: string, ...rest: unknown[]): boolean {
    const context = this[CONTEXT];
    if (context === undefined) return emit.call(this, event, ...rest);
    if (context.exchange !== undefined) note(event, context.exchange, milestones);
    if (isNodes && isUnheard(this, event)) return false;
    return isPlain(context, this, event)
      ? emit.call(this, event, ...rest)
      : runIn(context, emitted, emit, this, event, rest);
  } as typeof prototype.emit;
  prototype.writeHead = function (this: CarriedResponse, ...args: unknown[]): unknown {
    const context = this[CONTEXT];
    if (context === undefined) return Reflect.apply(writeHead, this, args);
    milestones.head(context, this);
    return args.length === 1 ? writeHead.call(this, args[0]) : Reflect.apply(writeHead, this, besideOurs(this, args));
  } as typeof prototype.writeHead;
}

function note(event: unknown, exchange: Exchange, milestones: Milestones): void {
  if (event === 'finish') milestones.lastByte(exchange);
  else if (event === 'close') milestones.closed(exchange);
  else if (event === 'timeout') exchange.timedOut = true;
}

function emitted(emit: Emit, message: object, event: string, rest: unknown[]): boolean {
  return emit.call(message, event, ...rest);
}

/** Three in four events of a request have no listener, and Node's `emit` would do no more than say so. One of `error` throws. */
function isUnheard(message: CarriedRequest | CarriedResponse, event: string): boolean {
  return event !== 'error' && listenerCount.call(message, event) === 0;
}

/** True where nobody would see the context, or it is there already. One that `context.run` has made inside the same request stays. */
function isPlain(context: Context, message: CarriedRequest | CarriedResponse, event: string): boolean {
  if (event === 'end' && isOfNode(rawListeners.call(message, event))) return true;
  const current = store.getStore();
  return (
    current === context ||
    (current !== undefined && current.exchange !== undefined && current.exchange === context.exchange)
  );
}

/** What Node itself waits for at the end of a request's body: half of all entries into a context, 0.7 us each on Node 24. */
function isOfNode(listeners: readonly { readonly name: string }[]): boolean {
  return listeners.length === 1 && listeners[0]?.name === 'clearIncoming';
}

function isOrphan(exchange: Exchange): boolean {
  return !exchange.ended && exchange.socket !== null && exchange.socket.destroyed && exchange.response?.socket === null;
}
