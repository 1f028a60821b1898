import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse, Http2Session, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Exchange } from '../core/exchange.js';
import { headersSent, writableFinished } from './own-reads.js';

/** NGHTTP2_CANCEL and NGHTTP2_NO_ERROR (RFC 9113, section 7). */
const CANCEL = 8;
const NO_ERROR = 0;

/**
 * Decides how an exchange came out, once its response has closed. The flags that tell differ by protocol; the tables
 * of measured combinations are held by test/http/outcome.test.ts on every supported Node.
 */
export function decide(exchange: Exchange): void {
  const { response, socket, stream, session } = exchange;
  if (response === undefined) return; // decided before
  const isSent = headersSent(response);
  exchange.status = isSent ? response.statusCode : 0;
  if (
    stream === undefined
      ? completed(response as ServerResponse, socket)
      : completedStream(response as Http2ServerResponse, stream)
  ) {
    settle(exchange);
  } else if (exchange.escaped) {
    fail(exchange, nameOf(exchange.failure));
  } else if (exchange.timedOut) {
    fail(exchange, 'timeout');
  } else if (stream === undefined ? clientLeft(response as ServerResponse, socket) : clientReset(stream, session)) {
    exchange.outcome = 'aborted';
    exchange.abortPhase = isSent ? 'mid_response' : 'before_headers';
  } else {
    fail(exchange, exchange.failure === undefined ? 'destroyed' : nameOf(exchange.failure));
  }
}

function settle(exchange: Exchange): void {
  if (exchange.status >= 500) {
    fail(exchange, exchange.failure === undefined ? String(exchange.status) : nameOf(exchange.failure));
  } else if (exchange.escaped) {
    fail(exchange, nameOf(exchange.failure));
  } else {
    exchange.outcome = 'ok';
  }
}

function fail(exchange: Exchange, type: string): void {
  exchange.outcome = 'error';
  exchange.errorType = type;
}

/** The client can still reset the connection while the kernel holds our last bytes: then it did not get them. */
function completed(response: ServerResponse, socket: Socket | null): boolean {
  return writableFinished(response) && !socket?.errored;
}

/**
 * The server's own `destroy(error)` puts that same error on the socket; any other error there, or an end of what the
 * client sends, came from outside.
 */
function clientLeft(response: ServerResponse, socket: Socket | null): boolean {
  if (socket === null) return true; // queued behind another response on a connection that has gone
  if (socket.readableEnded) return true;
  return socket.errored !== null && socket.errored !== response.errored;
}

/** On HTTP/2 `writableFinished` is true even after a reset by the client. */
function completedStream(response: Http2ServerResponse, stream: ServerHttp2Stream): boolean {
  return response.writableEnded && !stream.aborted;
}

function clientReset(stream: ServerHttp2Stream, session: Http2Session | undefined): boolean {
  return stream.rstCode === CANCEL || (stream.rstCode === NO_ERROR && session?.destroyed === true);
}

/** The error's class or code: a closed set in practice, capped where it is counted. Never its message. */
function nameOf(failure: unknown): string {
  if (failure instanceof Error) return failure.name.slice(0, 64) || 'Error';
  return typeof failure;
}
