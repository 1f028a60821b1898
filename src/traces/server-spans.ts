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
import { type Exchange, type Observer, OTHER_METHOD, type ServerRequest, UNMATCHED } from '../core/exchange.js';
import { LINES, SLOW } from './keep.js';
import type { AttributeSource } from './own/later-event.js';
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

type Marked = OtelSpan & { [SLOW]?: boolean };

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
    const epochMs = epoch.now(exchange.startedMs);
    const theirs = this.#options.joined || store.getStore() !== undefined ? serverSpanOf(api) : undefined;
    if (theirs !== undefined) return this.#adopt(theirs, exchange, given);
    // Not what is active here: connections are born in the context of whoever called `listen`.
    const base = propagation.withBaggage(api.ROOT_CONTEXT, request.headers);
    const trust = remote === undefined ? 'continue' : this.#trustOf(request);
    const isChild = remote !== undefined && trust !== 'link';
    const parent = isChild ? propagation.withParent(base, remote, trust === 'full') : base;
    const links = remote !== undefined && trust === 'link' ? [{ context: spanContextOf(remote) }] : NO_LINKS;
    const kind = api.SpanKind.SERVER;
    const options: OtelSpanOptions = { kind, links, startTime: epochMs };
    const facts = new RequestFacts(exchange, request);
    // What an application's own provider samples by must be there from the start; a request of HTTP/2 may be gone at the end.
    const isLate = !this.#options.joined && exchange.socket !== null && exchange.method !== OTHER_METHOD;
    if (!isLate) options.attributes = facts.attributes();
    const span = tracer.startSpan(exchange.method, options, parent);
    identifyBy(span, exchange, given);
    if (isLate && span instanceof OwnSpan) span.describedBy(facts);
    else span.setAttribute(names.CORRELATION_ID, exchange.identity.correlationId);
    exchange.epochMs = epochMs;
    exchange.span = span;
    return withSpan(parent, span);
  }

  #adopt(span: OtelSpan, exchange: Exchange, given: string | undefined): OtelContext {
    diagnostics.warn(
      'two server spans',
      "OpenTelemetry's http instrumentation makes the server spans, so fourlights makes none of its own. " +
        'Leave that instrumentation out to have them named by route and kept when they fail or are slow.',
    );
    identifyBy(span, exchange, given);
    span.setAttribute(names.CORRELATION_ID, exchange.identity.correlationId);
    if (span instanceof OwnSpan) span[LINES] = this.#options.lines.taken(exchange); // it ends when it will
    return this.#options.api.context.active();
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
    const span = exchange.span as Marked | undefined; // set by `open`
    try {
      if (span !== undefined) this.#end(span, exchange);
    } finally {
      this.#options.lines.release(exchange);
    }
  }

  /** A span of somebody else's may throw. */
  #end(span: Marked, exchange: Exchange): void {
    const { api, lines } = this.#options;
    const endMs = exchange.epochMs + exchange.durationMs;
    if (exchange.outcome === 'error') {
      if (exchange.failure instanceof Error) span.recordException(exchange.failure, endMs);
      span.setStatus({ code: api.SpanStatusCode.ERROR });
    } else if (exchange.isSlow) {
      span[SLOW] = true;
    }
    const isKept = span instanceof OwnSpan && span.isWanted(endMs);
    if (isKept) span[LINES] = lines.taken(exchange);
    if (isKept || (!(span instanceof OwnSpan) && span.isRecording())) this.#describe(span, exchange);
    span.end(endMs);
  }

  #describe(span: OtelSpan, exchange: Exchange): void {
    if (exchange.route !== UNMATCHED) {
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

/** Where the client has sent no ID, that of the trace serves. */
function identifyBy(span: OtelSpan, exchange: Exchange, given: string | undefined): void {
  const { traceId, spanId, traceFlags } = span.spanContext();
  exchange.identity = { correlationId: given ?? traceId, traceId, spanId };
  exchange.sampled = (traceFlags & SAMPLED) === SAMPLED;
}

/** What the convention wants to know of a request, asked when its span is read. */
class RequestFacts implements AttributeSource {
  readonly #exchange: Exchange;
  readonly #request: ServerRequest;
  readonly #peer: Peer;

  constructor(exchange: Exchange, request: ServerRequest) {
    this.#exchange = exchange;
    this.#request = request;
    this.#peer = peerOf(request); // gone when the connection is
  }

  /** One name after the other: a literal of spreads costs three times as much. */
  attributes(): OtelAttributes {
    const { method, path, url, identity } = this.#exchange;
    const { headers, httpVersion } = this.#request;
    const { scheme, localPort, remoteAddress } = this.#peer;
    const attributes: OtelAttributes = {};
    attributes[names.HTTP_METHOD] = method;
    if (method === OTHER_METHOD) attributes[names.HTTP_METHOD_ORIGINAL] = this.#request.method;
    attributes[names.URL_SCHEME] = scheme;
    attributes[names.URL_PATH] = path;
    const query = queryOf(url);
    if (query !== '') attributes[names.URL_QUERY] = redactedQuery(query);
    if (localPort !== undefined) attributes[names.SERVER_PORT] = localPort;
    if (remoteAddress !== undefined) attributes[names.CLIENT_ADDRESS] = remoteAddress;
    const agent = headers['user-agent'];
    if (agent !== undefined) attributes[names.USER_AGENT] = agent;
    attributes[names.PROTOCOL_VERSION] = httpVersion;
    if (identity.correlationId !== '') attributes[names.CORRELATION_ID] = identity.correlationId;
    return attributes;
  }
}
