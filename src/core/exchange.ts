import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse, Http2Session, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';

/** A request as Node gives it, of HTTP/1 or of HTTP/2. */
export type ServerRequest = IncomingMessage | Http2ServerRequest;
export type AnyResponse = ServerResponse | Http2ServerResponse;

/** By which names a request is known in logs, on the wire and to other tools. */
export interface Identity {
  readonly correlationId: string;
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
}

/**
 * How an exchange came out.
 * - `ok`: the response was completed and it is no 5xx.
 * - `error`: 5xx, a handler that threw or rejected, a server timeout, a response destroyed by the server.
 * - `aborted`: the client went first. No success, no error, and its status means nothing.
 */
export type Outcome = 'ok' | 'error' | 'aborted';

export type AbortPhase = 'before_headers' | 'mid_response';

/** The method of an exchange that has none of the known ones. */
export const OTHER_METHOD = '_OTHER';
/** The route of an exchange of which nobody knows one. */
export const UNMATCHED = '_unmatched';

const NOBODY: Identity = { correlationId: '', traceId: '', spanId: '' };

/**
 * One request and its response. Opened when the request enters, closed exactly once when the response closes.
 * All times are monotonic milliseconds of `core/clock`.
 */
export class Exchange {
  /** Until the exchange has ended, like `response`. */
  request: ServerRequest | undefined;
  response: AnyResponse | undefined;
  /** Who it is: known once it has entered, as its span may say. */
  identity: Identity = NOBODY;
  readonly startedMs: number;
  /** One of the closed set of `http/route`. */
  readonly method: string;
  /** Path as the client sent it, without the query. For logs only, never a label. */
  readonly path: string;
  /** Path and query as the client sent them: an application may rewrite its request's. */
  readonly url: string | undefined;
  /** Kept from the start: when the response closes it may have let go of them. HTTP/1 has the one, HTTP/2 the others. */
  readonly socket: Socket | null;
  readonly stream: ServerHttp2Stream | undefined;
  readonly session: Http2Session | undefined;

  /** When the response's head was written; NaN as long as none was. */
  firstByteMs: number = Number.NaN;
  /** When the last byte was handed to the system, or when the response closed without that. */
  lastByteMs: number = Number.NaN;
  /** What escaped the handler or went through the framework's error path. Decides nothing unless the response failed. */
  failure: unknown = undefined;
  /** True once something that the handler threw or rejected with reached nobody who could answer for it. */
  escaped: boolean = false;
  /** True once the server's idle timeout has fired on this exchange's socket. */
  timedOut: boolean = false;
  ended: boolean = false;
  /** Bytes that the connection had carried to the client when this exchange began. */
  bytesBefore = 0;

  /** Owned by `traces/server-spans`: the span of this exchange, where there is one. */
  span: unknown = undefined;
  /** Owned by `traces/server-spans`: true when the head has chosen its trace. */
  sampled = false;
  /** Owned by `traces/server-spans`: when it began, epoch ms; NaN without a span. */
  epochMs: number = Number.NaN;
  /** Owned by `signals`: true once it has taken longer than 95 of 100 on its own route lately. */
  isSlow = false;
  /** Owned by `traces/request-lines`: the log lines written in it so far. */
  lines: unknown = undefined;
  /** Owned by `flags/request-view`: what this request was shown. */
  flags: unknown = undefined;
  /** Owned by the adapter that routes this request; read through `readRoute`. */
  routing: unknown = undefined;
  /** The route template, read at the end because it is known only then. */
  readRoute: ((exchange: Exchange) => string | undefined) | undefined = undefined;

  // Settled when the exchange ends.
  route = '';
  outcome: Outcome = 'ok';
  /** 0 when no head was sent. Look at `outcome` first: an aborted exchange often says 200. */
  status = 0;
  /** Status as text for a 5xx, else the name of the error, or `timeout`. */
  errorType: string | undefined = undefined;
  abortPhase: AbortPhase | undefined = undefined;
  /** Bytes that this response put on the wire, head included; `undefined` on HTTP/2, whose streams share one socket. */
  bytes: number | undefined = undefined;

  constructor(request: ServerRequest, response: AnyResponse, startedMs: number, method: string, path: string) {
    this.request = request;
    this.response = response;
    this.startedMs = startedMs;
    this.method = method;
    this.path = path;
    this.url = request.url;
    this.stream = 'stream' in response ? response.stream : undefined;
    this.session = this.stream?.session;
    this.socket = this.stream === undefined ? request.socket : null;
  }

  /** Time to the last byte, ms. */
  get durationMs(): number {
    return this.lastByteMs - this.startedMs;
  }

  /**
   * Lets go of the messages. What Node starts in the context of a request keeps that context, the timer of an idle connection
   * among them, and thousands of idle connections must not keep their last request and response each.
   */
  release(): void {
    this.request = undefined;
    this.response = undefined;
    this.routing = undefined;
    this.readRoute = undefined;
    this.failure = undefined;
  }
}

/**
 * Looks at every exchange. Must not throw, wait or keep the exchange; `end` runs once per exchange that was started,
 * in reverse order of `start`, after the response has gone.
 */
export interface Observer {
  readonly name: string;
  start?(exchange: Exchange): void;
  end?(exchange: Exchange): void;
}
