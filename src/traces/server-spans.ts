import type {
  OtelApi,
  OtelAttributes,
  OtelContext,
  OtelLink,
  OtelSpan,
  OtelSpanOptions,
  OtelTracer,
} from '../context/otel.js';
import { store } from '../context/store.js';
import { type RemoteSpan, SAMPLED } from '../context/traceparent.js';
import { atOnce } from '../core/at-once.js';
import * as names from '../core/attributes.js';
import { diagnostics } from '../core/diagnostics.js';
import type { Epoch } from '../core/epoch.js';
import type { Exchange, Observer, ServerRequest } from '../core/exchange.js';
import { LINES, SLOW } from './keep.js';
import { OwnSpan } from './own/own-span.js';
import { withSpan } from './own/span-context.js';
import { type Peer, peerOf } from './peer.js';
import { type Propagation, spanContextOf } from './propagation.js';
import type { RequestLines } from './request-lines.js';
import { queryOf, redactedQuery } from './url.js';

/**
 * What a client's trace headers are worth.
 * - `continue`: its trace goes on; whether it is sampled is ours to say.
 * - `link`: a new trace, with a link to its own.
 * - `full`: its trace goes on, and so does its sampling decision.
 */
export type Trust = 'continue' | 'link' | 'full';
/** For all requests, or asked for each. */
export type TrustPolicy = Trust | ((request: ServerRequest) => Trust);

export interface ServerSpansOptions {
  readonly api: OtelApi;
  readonly tracer: OtelTracer;
  readonly epoch: Epoch;
  readonly propagation: Propagation;
  readonly trust: TrustPolicy;
  readonly lines: RequestLines;
  /** The provider is the application's. */
  readonly joined: boolean;
}

const NO_LINKS: OtelLink[] = [];

/**
 * One span of kind SERVER per request, by the stable HTTP semantic conventions. A span of our own is described at its end,
 * and then only if it goes on: nineteen of twenty do not.
 */
export class ServerSpans implements Observer {
  readonly name = 'server spans';
  readonly #options: ServerSpansOptions;

  constructor(options: ServerSpansOptions) {
    this.#options = options;
  }

  open(exchange: Exchange, given: string | undefined, remote: RemoteSpan | undefined): OtelContext | undefined {
    const { request } = exchange;
    if (request === undefined) return undefined;
    try {
      return this.#open(exchange, request, given, remote);
    } catch (cause) {
      diagnostics.report('server span', cause);
      return undefined;
    }
  }

  #open(
    exchange: Exchange,
    request: ServerRequest,
    given: string | undefined,
    remote: RemoteSpan | undefined,
  ): OtelContext {
    const { api, tracer, epoch, propagation } = this.#options;
    const epochMs = epoch.now(exchange.startedMs); // it has just begun
    const theirs = this.#options.joined || store.getStore() !== undefined ? serverSpanOf(api) : undefined;
    if (theirs !== undefined) return adopt(api, theirs, exchange, given);
    // Not what is active here: connections are born in the context of whoever called `listen`.
    const base = propagation.withBaggage(api.ROOT_CONTEXT, request.headers);
    const trust = remote === undefined ? 'continue' : this.#trustOf(request);
    const isChild = remote !== undefined && trust !== 'link';
    const parent = isChild ? propagation.withParent(base, remote, trust === 'full') : base;
    const links = remote !== undefined && trust === 'link' ? [{ context: spanContextOf(remote) }] : NO_LINKS;
    const peer = peerOf(request); // gone at the end
    const attributes = this.#describesLate(exchange) ? undefined : attributesOf(exchange, request, peer);
    const kind = api.SpanKind.SERVER;
    const options: OtelSpanOptions = { kind, links, startTime: epochMs };
    if (attributes !== undefined) options.attributes = attributes;
    const span = tracer.startSpan(exchange.method, options, parent);
    exchange.epochMs = epochMs;
    exchange.span = span;
    identifyBy(span, exchange, given);
    if (attributes !== undefined) span.setAttribute(names.CORRELATION_ID, exchange.identity.correlationId);
    return withSpan(parent, span);
  }

  /** What an application's own provider samples by must be there from the start; on HTTP/2 the request may be gone at the end. */
  #describesLate(exchange: Exchange): boolean {
    return !this.#options.joined && exchange.socket !== null;
  }

  #trustOf(request: ServerRequest): Trust {
    const { trust } = this.#options;
    if (typeof trust === 'string') return trust;
    try {
      return atOnce('http.trust', trust(request)) ?? 'continue';
    } catch (cause) {
      diagnostics.report('http.trust', cause);
      return 'continue';
    }
  }

  end(exchange: Exchange): void {
    const span = exchange.span as (OtelSpan & { [SLOW]?: boolean }) | undefined; // set by `open`
    const isKept = span !== undefined && this.#end(span, exchange);
    this.#options.lines.release(exchange, isKept);
  }

  /** True when it goes on. */
  #end(span: OtelSpan & { [SLOW]?: boolean }, exchange: Exchange): boolean {
    const { api, lines } = this.#options;
    const endMs = exchange.epochMs + exchange.durationMs;
    if (exchange.outcome === 'error') {
      if (exchange.failure instanceof Error) span.recordException(exchange.failure, endMs);
      span.setStatus({ code: api.SpanStatusCode.ERROR });
    } else if (exchange.isSlow) {
      span[SLOW] = true;
    }
    const isKept = !(span instanceof OwnSpan) || span.isWanted();
    if (isKept) this.#describe(span, exchange);
    if (isKept && span instanceof OwnSpan) span[LINES] = lines.taken(exchange);
    span.end(endMs);
    return isKept;
  }

  #describe(span: OtelSpan, exchange: Exchange): void {
    const { request } = exchange;
    if (span instanceof OwnSpan && request !== undefined && this.#describesLate(exchange)) {
      span.describe(attributesOf(exchange, request, peerOf(request)));
      span.describe({ [names.CORRELATION_ID]: exchange.identity.correlationId });
    }
    if (exchange.route !== '_unmatched') {
      span.updateName(`${exchange.method} ${exchange.route}`);
      span.setAttribute(names.HTTP_ROUTE, exchange.route);
    }
    if (exchange.status !== 0) span.setAttribute(names.HTTP_STATUS, exchange.status);
    if (exchange.errorType !== undefined) span.setAttribute(names.ERROR_TYPE, exchange.errorType);
    if (exchange.abortPhase !== undefined) span.setAttribute(names.ABORT_PHASE, exchange.abortPhase);
  }
}

/** The server span that OpenTelemetry's http instrumentation has opened for this very request. */
function serverSpanOf(api: OtelApi): OtelSpan | undefined {
  const span = api.trace.getActiveSpan();
  return span !== undefined && 'kind' in span && span.kind === api.SpanKind.SERVER ? span : undefined;
}

function adopt(api: OtelApi, span: OtelSpan, exchange: Exchange, given: string | undefined): OtelContext {
  diagnostics.warn(
    'two server spans',
    "OpenTelemetry's http instrumentation makes the server spans, so fourlights makes none of its own. " +
      'Leave that instrumentation out to have them named by route and kept when they fail or are slow.',
  );
  identifyBy(span, exchange, given);
  span.setAttribute(names.CORRELATION_ID, exchange.identity.correlationId);
  return api.context.active();
}

/** Where the client has sent no ID, that of the trace serves. */
function identifyBy(span: OtelSpan, exchange: Exchange, given: string | undefined): void {
  const { traceId, spanId, traceFlags } = span.spanContext();
  exchange.identity = { correlationId: given ?? traceId, traceId, spanId };
  exchange.sampled = (traceFlags & SAMPLED) === SAMPLED;
}

/** One name after the other: a literal of spreads costs three times as much, once per request. */
function attributesOf({ method, path }: Exchange, request: ServerRequest, peer: Peer): OtelAttributes {
  const attributes: OtelAttributes = {};
  attributes[names.HTTP_METHOD] = method;
  if (method === '_OTHER') attributes[names.HTTP_METHOD_ORIGINAL] = request.method;
  attributes[names.URL_SCHEME] = peer.scheme;
  attributes[names.URL_PATH] = path;
  const query = queryOf(request.url);
  if (query !== '') attributes[names.URL_QUERY] = redactedQuery(query);
  if (peer.localPort !== undefined) attributes[names.SERVER_PORT] = peer.localPort;
  if (peer.remoteAddress !== undefined) attributes[names.CLIENT_ADDRESS] = peer.remoteAddress;
  const agent = request.headers['user-agent'];
  if (agent !== undefined) attributes[names.USER_AGENT] = agent;
  attributes[names.PROTOCOL_VERSION] = request.httpVersion;
  return attributes;
}
