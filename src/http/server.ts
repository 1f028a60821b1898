import { EventEmitter } from 'node:events';
import net from 'node:net';
import { type Context, runIn } from '../context/store.js';
import { diagnostics } from '../core/diagnostics.js';
import type { AnyResponse, Exchange, ServerRequest } from '../core/exchange.js';
import { http, https, isHttpsLoaded } from '../core/node-http.js';
import { slot } from '../core/slot.js';
import type { Entry } from './entry.js';
import type { CarriedRequest, CarriedResponse, Milestones } from './messages.js';

/**
 * Learns a framework's routes from a server's requests: reads the server's own handlers, calls none. False asks for
 * another try at the next request: an application may be listening before it has any route.
 */
export type Discover = (handlers: readonly unknown[]) => boolean;

/** Whether requests are taken at all. What it refuses it has answered. */
export interface Admission {
  refuses(request: ServerRequest, response: AnyResponse): boolean;
}

/**
 * What the patches of this process call. They are put in place once and stay; with nothing in `entry` they pass
 * everything on.
 */
class Door implements Milestones {
  entry: Entry | undefined = undefined;
  /** False when only a middleware lets requests in (`http.auto: false`). */
  auto = false;
  discover: Discover = () => true;
  /** `undefined`: no middleware refuses anything. */
  admission: Admission | undefined = undefined;
  patched = false;

  head(context: Context, response: AnyResponse): void {
    this.entry?.head(context, response);
  }
  lastByte(exchange: Exchange): void {
    this.entry?.lastByte(exchange);
  }
  closed(exchange: Exchange): void {
    this.entry?.closed(exchange);
  }
}

export const door: Door = slot('http.door', () => new Door());

type Emit = (this: object, ...args: unknown[]) => boolean;

const SEEN = Symbol('fourlights.seen');
/** On servers of the library's own: what they answer is nobody's traffic. */
export const UNOBSERVED: unique symbol = Symbol.for('fourlights.unobserved');

/**
 * `https.Server` does not inherit from `http.Server`, and http2's server classes are exported nowhere: they are
 * reached through `net.Server`, the common ancestor of all four. Whichever patch sees a request first lets it in. Where
 * https is not loaded yet, nobody has wrapped its `emit` before us, and the ancestor's is enough.
 */
export function patchServers(): void {
  if (door.patched) return;
  door.patched = true;
  const servers = isHttpsLoaded() ? [http.Server, https().Server] : [http.Server];
  for (const { prototype } of [...servers, net.Server]) {
    const emit = prototype.emit as Emit;
    const open = isInstrumented(emit) ? dispatchWithin : dispatch;
    prototype.emit = function (this: net.Server & { [UNOBSERVED]?: true }, ...args: unknown[]): boolean {
      const { entry } = door;
      if (entry === undefined || !door.auto || this[UNOBSERVED] === true) return Reflect.apply(emit, this, args);
      switch (args[0]) {
        case 'request':
        case 'checkContinue':
        case 'checkExpectation':
          return isExchange(args) ? open(entry, emit, this, args) : Reflect.apply(emit, this, args);
        case 'upgrade':
        case 'connect':
          return tunnel(entry, emit, this, args);
        default:
          return Reflect.apply(emit, this, args);
      }
    } as typeof prototype.emit;
  }
}

type RequestEvent = [event: string, request: CarriedRequest, response: CarriedResponse];

/** Any `net.Server` may have an event of that name; ours has a request that we can read and a response we can time. */
function isExchange(args: unknown[]): args is RequestEvent {
  const [, request, response] = args as Partial<RequestEvent>;
  return typeof request?.headers === 'object' && typeof response?.writeHead === 'function';
}

function dispatch(entry: Entry, emit: Emit, server: net.Server & { [SEEN]?: boolean }, args: RequestEvent): boolean {
  if (server[SEEN] !== true) server[SEEN] = discoverRoutes(server, args[0]);
  const context = entry.open(args[1], args[2], door);
  if (context === undefined) return Reflect.apply(emit, server, args);
  return inside(context, emit, server, args);
}

/** OpenTelemetry's http instrumentation has wrapped it: it leaves that mark on its wrappers. */
function isInstrumented(emit: Emit & { readonly __wrapped?: unknown }): boolean {
  return emit.__wrapped === true;
}

/**
 * Lets a request in from within that wrapper, which was there first, so that the span that it opens is seen. The wrapper
 * calls the plain `emit` on the object it was itself called on: here one that stands in for the server, and whose only
 * listener is ours.
 */
function dispatchWithin(entry: Entry, theirs: Emit, server: net.Server, args: RequestEvent): boolean {
  const [event] = args;
  const listener = (request: CarriedRequest, response: CarriedResponse): boolean =>
    dispatch(entry, EventEmitter.prototype.emit as Emit, server, [event, request, response]);
  return Reflect.apply(theirs, Object.create(server, { _events: { value: { [event]: listener } } }), args);
}

/** A connection that becomes something else is no exchange: its handler gets a context and leaves no record. */
function tunnel(entry: Entry, emit: Emit, server: net.Server, args: unknown[]): boolean {
  const request = args[1] as CarriedRequest; // `upgrade` and `connect` are emitted by http servers only
  const context = entry.tunnel(request);
  return context === undefined
    ? Reflect.apply(emit, server, args)
    : runIn(context, Reflect.apply<object, unknown[], boolean>, emit, server, args);
}

function discoverRoutes(server: net.Server, event: string): boolean {
  try {
    return door.discover(server.listeners(event));
  } catch (cause) {
    diagnostics.report('route discovery', cause);
    return true;
  }
}

/** Runs the handler in its context; what it throws is noted and thrown on. */
function inside(context: Context, emit: Emit, server: object, args: unknown[]): boolean {
  try {
    return runIn(context, Reflect.apply<object, unknown[], boolean>, emit, server, args);
  } catch (cause) {
    escaped(context, cause);
    throw cause;
  }
}

function escaped(context: Context, cause: unknown): void {
  const { exchange } = context;
  if (exchange === undefined || exchange.ended) return;
  exchange.failure = cause;
  exchange.escaped = true;
}

/** Lets a request in through a middleware. `next` runs in its context; returns what `next` returned. */
export function enter<T>(request: ServerRequest, response: AnyResponse, next: (context: Context | undefined) => T): T {
  const carried = request as CarriedRequest;
  const context = door.entry?.open(carried, response as CarriedResponse, door);
  return context === undefined ? next(undefined) : runIn(context, next, context);
}

/** What a middleware asks once it has let a request in. True: it was answered with 503, and nothing may go on with it. */
export function isRefused(request: ServerRequest, response: AnyResponse): boolean {
  return door.admission?.refuses(request, response) === true;
}

/** False before `observe()` and after `shutdown()`: then a mounted middleware only passes on, and says so once. */
export function isOpen(): boolean {
  if (door.entry !== undefined) return true;
  diagnostics.warn(
    'not observing',
    'goldenSignals() is mounted but nothing is observed: call observe() before the first request',
  );
  return false;
}
