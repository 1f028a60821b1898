import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { certificate } from '../../support/certificate.js';

export interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

type Behaviour = (response: ServerResponse, collector: Collector, received: Received) => void;

const taken = (response: ServerResponse, body: string | Buffer = '{}', type = 'application/json'): void => {
  response.setHeader('content-type', type);
  response.end(body);
};

/** What a collector may do to us. What it took in is in `spanIds`; a behaviour that takes nothing leaves it alone. */
export const behaviours = {
  ok: (response, collector, received) => {
    collector.take(received);
    taken(response, collector.reply?.body, collector.reply?.type);
  },
  hang: () => {},
  'slow 3 s': (response, collector, received) => {
    setTimeout(() => {
      collector.take(received);
      taken(response);
    }, 3000 / collector.haste);
  },
  '429 with Retry-After': (response) => void response.writeHead(429, { 'retry-after': '2' }).end(),
  'HTTP 503': (response) => void response.writeHead(503).end('busy'),
  'HTTP 500': (response) => void response.writeHead(500).end('broken'),
  'reset mid-body': (response) => response.socket?.resetAndDestroy(),
  'reset within the answer': (response, collector, received) => {
    collector.take(received);
    response.writeHead(200, { 'content-length': '100' });
    // A reset takes back what has not left yet: the head must be out.
    response.write('{"partial', () => setTimeout(() => response.socket?.resetAndDestroy(), 20));
  },
  'partial success': (response, collector, received) => {
    collector.take(received, 3);
    taken(response, '{"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}}');
  },
  garbage: (response, collector, received) => {
    collector.take(received);
    taken(response, '\u0000<html>{"partialSuccess":');
  },
  'huge body': (response, collector, received) => {
    collector.take(received);
    const chunk = Buffer.alloc(1 << 20, 120);
    let left = 300;
    const pour = (): void => {
      while (left-- > 0) if (!response.write(chunk)) return void response.once('drain', pour);
      response.end();
    };
    response.on('close', () => {
      collector.pouredMb = 300 - left;
    });
    pour();
  },
  redirect: (response, collector) => void response.writeHead(307, { location: collector.elsewhere }).end(),
} as const satisfies Readonly<Record<string, Behaviour>>;

export type BehaviourName = keyof typeof behaviours;

/** A collector on loopback whose behaviour can be changed while it runs. */
export class Collector {
  behaviour: BehaviourName = 'ok';
  /** How many times faster than the wall its seconds go. */
  haste = 1;
  elsewhere = '';
  /** Of a success, instead of an empty one in JSON. */
  reply: { readonly type: string; readonly body: Buffer } | undefined;
  pouredMb = 0;
  readonly requests: Received[] = [];
  readonly spanIds: string[] = [];
  readonly sockets = new Set<Socket>();
  readonly #server: Server;
  #port = 0;
  readonly #secure: boolean;

  constructor({ secure = false } = {}) {
    const answer = (request: IncomingMessage, response: ServerResponse): void => void this.#answer(request, response);
    this.#secure = secure;
    this.#server = secure ? createSecureServer(certificate, answer) : createServer(answer);
    this.#server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  async listen(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** Also once it is closed: that is where a refused client knocks. */
  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `${this.#secure ? 'https://localhost' : 'http://127.0.0.1'}:${this.port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** All of them but the last `refused`. */
  take({ headers, body }: Received, refused = 0): void {
    if (!headers['content-type']?.includes('json')) return;
    const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    const ids = [...plain.toString().matchAll(/"spanId":"([0-9a-f]{16})","(?:parent|flags|traceState)/g)].map(
      ([, id]) => String(id),
    );
    this.spanIds.push(...ids.slice(0, ids.length - refused));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => {});
    response.on('error', () => {});
    if (this.behaviour === 'reset mid-body') request.once('data', () => request.socket.resetAndDestroy());
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const received = { url: String(request.url), headers: request.headers, body: Buffer.concat(chunks) };
    this.requests.push(received);
    behaviours[this.behaviour](response, this, received);
  }
}
