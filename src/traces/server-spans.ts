import type { Arrival, OpenedSpan } from '../context/opened-span.js';
import type { OtelApi, OtelAttributes, OtelLink, OtelSpan, OtelTracer } from '../context/otel.js';
import { SAMPLED } from '../context/traceparent.js';
import * as names from '../core/attributes.js';
import { diagnostics } from '../core/diagnostics.js';
import { type Epoch, epochTime } from '../core/epoch.js';
import type { Exchange, Identity, Observer, ServerRequest } from '../core/exchange.js';
import { SLOW } from './keep.js';
import { withSpan } from './own/span-context.js';
import { type Propagation, spanContextOf } from './propagation.js';
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
  /** True when such an exchange was slow for its route. */
  readonly isSlow: (exchange: Exchange) => boolean;
}

const NO_LINKS: OtelLink[] = [];

/** One span of kind SERVER per request, by the stable HTTP semantic conventions. */
export class ServerSpans implements Observer {
  readonly name = 'server spans';
  readonly #options: ServerSpansOptions;

  constructor(options: ServerSpansOptions) {
    this.#options = options;
  }

  open(arrival: Arrival): OpenedSpan | undefined {
    try {
      return this.#open(arrival);
    } catch (cause) {
      diagnostics.report('server span', cause);
      return undefined;
    }
  }

  #open({ request, identity, remote, method, path, startedMs }: Arrival): OpenedSpan {
    const { api, tracer, epoch, propagation } = this.#options;
    const epochMs = epoch.at(startedMs);
    const theirs = serverSpanOf(api);
    if (theirs !== undefined) return { ...adopted(api, theirs, identity), epochMs };
    // Not what is active here: connections are born in the context of whoever called `listen`.
    const base = propagation.withBaggage(api.ROOT_CONTEXT, request.headers);
    const trust = remote === undefined ? 'continue' : this.#trustOf(request);
    const isChild = remote !== undefined && trust !== 'link';
    const parent = isChild ? propagation.withParent(base, remote, trust === 'full') : base;
    const links = remote !== undefined && trust === 'link' ? [{ context: spanContextOf(remote) }] : NO_LINKS;
    const kind = api.SpanKind.SERVER;
    const attributes = attributesOf(request, method, path);
    const span = tracer.startSpan(method, { kind, attributes, links, startTime: epochTime(epochMs) }, parent);
    const known = identityUnder(span, identity);
    span.setAttribute(names.CORRELATION_ID, known.correlationId); // which may be the ID of the trace that has just begun
    return {
      identity: known,
      span,
      otel: withSpan(parent, span),
      sampled: isSampled(span),
      epochMs,
    };
  }

  #trustOf(request: ServerRequest): Trust {
    const { trust } = this.#options;
    if (typeof trust === 'string') return trust;
    try {
      return trust(request);
    } catch (cause) {
      diagnostics.report('http.trust', cause);
      return 'continue';
    }
  }

  end(exchange: Exchange): void {
    const span = exchange.span as (OtelSpan & { [SLOW]?: boolean }) | undefined; // set from what `open` returned
    if (span === undefined) return;
    const { api, isSlow } = this.#options;
    if (exchange.route !== '_unmatched') {
      span.updateName(`${exchange.method} ${exchange.route}`);
      span.setAttribute(names.HTTP_ROUTE, exchange.route);
    }
    if (exchange.status !== 0) span.setAttribute(names.HTTP_STATUS, exchange.status);
    if (exchange.errorType !== undefined) span.setAttribute(names.ERROR_TYPE, exchange.errorType);
    if (exchange.abortPhase !== undefined) span.setAttribute(names.ABORT_PHASE, exchange.abortPhase);
    const endTime = epochTime(exchange.epochMs + exchange.durationMs);
    if (exchange.outcome === 'error') {
      if (exchange.failure instanceof Error) span.recordException(exchange.failure, endTime);
      span.setStatus({ code: api.SpanStatusCode.ERROR });
    } else if (isSlow(exchange)) {
      span[SLOW] = true;
    }
    span.end(endTime);
  }
}

/** The server span that OpenTelemetry's http instrumentation has opened for this very request. */
function serverSpanOf(api: OtelApi): OtelSpan | undefined {
  const span = api.trace.getActiveSpan();
  return span !== undefined && 'kind' in span && span.kind === api.SpanKind.SERVER ? span : undefined;
}

function adopted(api: OtelApi, span: OtelSpan, identity: Identity): Omit<OpenedSpan, 'epochMs'> {
  diagnostics.warn(
    'two server spans',
    "OpenTelemetry's http instrumentation makes the server spans, so fourlights makes none of its own. " +
      'Leave that instrumentation out to have them named by route and kept when they fail or are slow.',
  );
  const known = identityUnder(span, identity);
  span.setAttribute(names.CORRELATION_ID, known.correlationId);
  return { identity: known, span: undefined, otel: api.context.active(), sampled: isSampled(span) };
}

function isSampled(span: OtelSpan): boolean {
  return (span.spanContext().traceFlags & SAMPLED) === SAMPLED;
}

/** An ID that the client did not choose is the trace's own. */
function identityUnder(span: OtelSpan, given: Identity): Identity {
  const { traceId, spanId } = span.spanContext();
  return { correlationId: given.correlationId === given.traceId ? traceId : given.correlationId, traceId, spanId };
}

/** One name after the other: a literal of spreads costs three times as much, once per request. */
function attributesOf(request: ServerRequest, method: string, path: string): OtelAttributes {
  const { headers, socket } = request;
  const attributes: OtelAttributes = {};
  attributes[names.HTTP_METHOD] = method;
  if (method === '_OTHER') attributes[names.HTTP_METHOD_ORIGINAL] = request.method;
  attributes[names.URL_SCHEME] = 'encrypted' in socket ? 'https' : 'http';
  attributes[names.URL_PATH] = path;
  const query = queryOf(request.url);
  if (query !== '') attributes[names.URL_QUERY] = redactedQuery(query);
  if (socket.localPort !== undefined) attributes[names.SERVER_PORT] = socket.localPort;
  if (socket.remoteAddress !== undefined) attributes[names.CLIENT_ADDRESS] = socket.remoteAddress;
  const agent = headers['user-agent'];
  if (agent !== undefined) attributes[names.USER_AGENT] = agent;
  attributes[names.PROTOCOL_VERSION] = request.httpVersion;
  return attributes;
}
