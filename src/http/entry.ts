import { acceptedId, type CorrelationHeaders, type HeaderBag, identify, identityOf } from '../context/correlation.js';
import type { OpenSpan } from '../context/opened-span.js';
import { Context } from '../context/store.js';
import type { RemoteSpan } from '../context/traceparent.js';
import type { Clock } from '../core/clock.js';
import { diagnostics } from '../core/diagnostics.js';
import { type AnyResponse, Exchange, type Observer, type ServerRequest } from '../core/exchange.js';
import { bindMessages, type CarriedRequest, type CarriedResponse, CONTEXT, type Milestones } from './messages.js';
import { decide } from './outcome.js';
import { carriesHeader, headersSent } from './own-reads.js';
import { knownMethod, pathOf, type RouteNamer, routeOf } from './route.js';

export interface EntryOptions {
  readonly clock: Clock;
  readonly observers: readonly Observer[];
  readonly correlationHeaders: CorrelationHeaders;
  /** True for a request that gets a context and an ID but leaves no record. */
  readonly ignores: (request: ServerRequest, path: string) => boolean;
  readonly namer: RouteNamer | undefined;
  /** The span that a request's headers name. Total: takes any headers. */
  readonly remoteSpan: (headers: HeaderBag) => RemoteSpan | undefined;
  /** `undefined` while traces are off. */
  readonly openSpan: OpenSpan | undefined;
}

/** How a request enters and how its exchange ends: the one place that opens, times and closes exchanges. */
export class Entry implements Milestones {
  readonly #options: EntryOptions;

  constructor(options: EntryOptions) {
    this.#options = options;
  }

  /** Opens the exchange of a request that enters here first. `undefined`: it has entered before, or could not be read. */
  open(request: CarriedRequest, response: CarriedResponse, milestones: Milestones): Context | undefined {
    if (request[CONTEXT] !== undefined) return undefined;
    try {
      bindMessages(request, response, milestones);
      const context = this.#accept(request, response);
      request[CONTEXT] = context;
      response[CONTEXT] = context;
      if (!response.headersSent) response.setHeader(this.#options.correlationHeaders[0], context.correlationId);
      if (context.exchange !== undefined) this.#start(context.exchange);
      return context;
    } catch (cause) {
      diagnostics.report('http entry', cause);
      return undefined;
    }
  }

  /** The context of a request that leaves HTTP by `upgrade` or `connect`. */
  tunnel(request: CarriedRequest): Context | undefined {
    if (request[CONTEXT] !== undefined) return undefined;
    try {
      const { correlationHeaders, remoteSpan } = this.#options;
      const identity = identify(request.headers, correlationHeaders, remoteSpan(request.headers));
      const context = new Context(identity, undefined);
      request[CONTEXT] = context;
      return context;
    } catch (cause) {
      diagnostics.report('http entry', cause);
      return undefined;
    }
  }

  #accept(request: ServerRequest, response: AnyResponse): Context {
    const { clock, correlationHeaders, ignores, remoteSpan, openSpan } = this.#options;
    const startedMs = clock.monotonic();
    const remote = remoteSpan(request.headers);
    const given = acceptedId(request.headers, correlationHeaders);
    const path = pathOf(request.url);
    if (ignores(request, path)) return new Context(identityOf(given, remote), undefined);
    const exchange = new Exchange(request, response, startedMs, knownMethod(request.method), path);
    const otel = openSpan?.(exchange, given, remote);
    if (otel === undefined) exchange.identity = identityOf(given, remote);
    return new Context(exchange.identity, exchange, otel);
  }

  #start(exchange: Exchange): void {
    const { observers } = this.#options;
    exchange.bytesBefore = exchange.socket?.bytesWritten ?? 0;
    for (let i = 0; i < observers.length; i++) {
      const observer = observers[i] as Observer;
      try {
        observer.start?.(exchange);
      } catch (cause) {
        diagnostics.report(`observer ${observer.name}`, cause);
      }
    }
  }

  /** Frameworks that answer for a failed handler drop all headers first; the ID goes out all the same. */
  head(context: Context, response: AnyResponse): void {
    const { exchange } = context;
    if (headersSent(response)) return;
    if (exchange !== undefined && Number.isNaN(exchange.firstByteMs))
      exchange.firstByteMs = this.#options.clock.monotonic();
    const [name] = this.#options.correlationHeaders;
    if (!carriesHeader(response, name)) response.setHeader(name, context.correlationId);
  }

  lastByte(exchange: Exchange): void {
    if (exchange.ended || !Number.isNaN(exchange.lastByteMs)) return;
    exchange.lastByteMs = this.#options.clock.monotonic();
    measureBytes(exchange);
  }

  closed(exchange: Exchange): void {
    if (exchange.ended) return;
    exchange.ended = true;
    if (Number.isNaN(exchange.lastByteMs)) {
      exchange.lastByteMs = this.#options.clock.monotonic();
      measureBytes(exchange);
    }
    decide(exchange);
    exchange.route = routeOf(exchange, this.#options.namer);
    this.#end(exchange);
    exchange.release();
  }

  #end(exchange: Exchange): void {
    const { observers } = this.#options;
    for (let i = observers.length - 1; i >= 0; i--) {
      const observer = observers[i] as Observer;
      try {
        observer.end?.(exchange);
      } catch (cause) {
        diagnostics.report(`observer ${observer.name}`, cause);
      }
    }
  }
}

/** Where the last response on a connection ended: with pipelining the next request enters before that. */
const WRITTEN = Symbol('fourlights.written');

function measureBytes(exchange: Exchange): void {
  const socket: (Exchange['socket'] & { [WRITTEN]?: number }) | null = exchange.socket;
  if (socket === null) return;
  const written = socket.bytesWritten ?? 0;
  exchange.bytes = written - Math.max(exchange.bytesBefore, socket[WRITTEN] ?? 0);
  socket[WRITTEN] = written;
}
