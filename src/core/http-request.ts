import type { Agent, IncomingHttpHeaders, IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { messageOf } from './diagnostics.js';
import type { Endpoint } from './endpoint.js';
import { http, https } from './node-http.js';

export interface Tls {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** At most as many bytes as were allowed; what came until then when the rest was too much or the connection broke. */
  readonly body: Buffer;
  /** `cut`: more came than was allowed. `broken`: the connection ended before the body did. */
  readonly ended: 'whole' | 'cut' | 'broken';
}

export interface Wanted {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Ends all of it, at any moment. */
  readonly signal: AbortSignal;
}

/** The patches of outgoing requests pass by those of an agent that bears this (src/http/client-request.ts). */
const OURS = Symbol.for('fourlights.ours');

/**
 * Our own requests to one endpoint, over connections that are kept. Nothing here keeps the process alive, and no redirect
 * is followed: data and credentials go where the configuration says or nowhere.
 */
export class HttpRequests {
  readonly endpoint: Endpoint;
  readonly #agent: Agent;
  readonly #start: typeof request;

  constructor(endpoint: Endpoint, tls: Tls = {}) {
    const secure = endpoint.url.protocol === 'https:';
    this.endpoint = endpoint;
    this.#agent = secure ? new (https().Agent)({ keepAlive: true, ...tls }) : new http.Agent({ keepAlive: true });
    Object.assign(this.#agent, { [OURS]: true });
    this.#start = secure ? https().request : http.request;
  }

  /** Resolves with the head of the response, whose body is still to be read. Rejects when none came. */
  open(wanted: Wanted): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => this.#begin(wanted, resolve, reject));
  }

  /** Rejects when no head of a response came: nobody knows whether the receiver has seen the request. */
  send(wanted: Wanted, maxBodyBytes: number): Promise<Reply> {
    return new Promise((resolve, reject) =>
      this.#begin(wanted, (response) => collect(response, maxBodyBytes, resolve), reject),
    );
  }

  #begin(wanted: Wanted, onHead: (response: IncomingMessage) => void, onFailure: (cause: Error) => void): void {
    const { method, headers, body, signal } = wanted;
    const request = this.#start(this.endpoint.url, { method, agent: this.#agent, headers });
    const onAbort = (): void => void request.destroy(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    request.on('socket', letGo);
    let answered = false; // the connection's error comes to the request first, though the answer is what matters by then
    request.on('error', (cause) => !answered && onFailure(cause));
    request.on('close', () => signal.removeEventListener('abort', onAbort));
    request.on('response', (response) => {
      answered = true;
      onHead(response);
    });
    if (signal.aborted) onAbort();
    request.end(body);
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Twice, as a connection that tries several addresses of a host gets a new handle. */
function letGo(socket: Socket): void {
  socket.unref();
  if (socket.connecting) socket.once('connect', () => socket.unref());
}

/** Always resolves: the status has said most, and a body that breaks off, or does not end, takes nothing of it back. */
function collect(response: IncomingMessage, maxBytes: number, resolve: (reply: Reply) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let ended: Reply['ended'] = 'broken';
  const done = (): void => {
    const body = Buffer.concat(chunks).subarray(0, maxBytes);
    resolve({ status: response.statusCode ?? 0, headers: response.headers, body, ended });
  };
  const cut = (): void => {
    ended = 'cut';
    response.destroy();
  };
  response.on('error', done);
  response.on('close', done);
  response.on('end', () => {
    if (ended !== 'cut') ended = 'whole'; // what was too much may be the last of it
    done();
  });
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) cut();
  });
  if (Number(response.headers['content-length']) > maxBytes) cut();
}

/** Why no answer came. A connection that tried several addresses fails with an AggregateError, whose own message is empty. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(messageOf).join('; ');
  return messageOf(cause);
}
