import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import type { Endpoint } from './endpoint.js';

export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** At most `MAX_BODY_BYTES`; what came when the rest was too much, or when the connection broke after the head. */
  readonly body: Buffer;
}

export interface Tls {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** A receiver has little to say; reading a hostile one whole would be our memory's end (CVE-2026-39882 in otel-go). */
const MAX_BODY_BYTES = 64 * 1024;
/** The patches of outgoing requests pass by those of an agent that bears this (src/http/client-request.ts). */
const OURS = Symbol.for('fourlights.ours');

type Headers = Readonly<Record<string, string>>;

/**
 * Posts to one endpoint over connections that are kept. Nothing here keeps the process alive, and no redirect is followed:
 * spans and credentials go where the configuration says or nowhere.
 */
export class HttpPost {
  readonly endpoint: Endpoint;
  readonly #agent: http.Agent;
  readonly #start: typeof http.request;

  constructor(endpoint: Endpoint, tls: Tls = {}) {
    const secure = endpoint.url.protocol === 'https:';
    this.endpoint = endpoint;
    this.#agent = secure ? new https.Agent({ keepAlive: true, ...tls }) : new http.Agent({ keepAlive: true });
    Object.assign(this.#agent, { [OURS]: true });
    this.#start = secure ? https.request : http.request;
  }

  /** Rejects when no head of a response came: nobody knows whether the receiver has it. */
  post(body: Uint8Array, headers: Headers, signal: AbortSignal): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const request = this.#start(this.endpoint.url, { method: 'POST', agent: this.#agent, headers });
      const onAbort = (): void => void request.destroy(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      request.on('socket', letGo);
      let answered = false; // the connection's error comes to the request first, though the answer is what matters by then
      request.on('error', (cause) => !answered && reject(cause));
      request.on('close', () => signal.removeEventListener('abort', onAbort));
      request.on('response', (response) => {
        answered = true;
        collect(response, resolve);
      });
      if (signal.aborted) onAbort();
      request.end(body);
    });
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

/**
 * The status has said what became of the spans; a body that breaks off, or does not end, takes nothing of it back.
 */
function collect(response: http.IncomingMessage, resolve: (reply: Reply) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const done = (): void => {
    const body = Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES);
    resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
  };
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) response.destroy();
  });
  response.on('error', done);
  response.on('close', done);
  response.on('end', done);
}
