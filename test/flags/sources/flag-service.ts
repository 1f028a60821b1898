import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { documentOf } from './recording-sink.js';

type Behaviour = (response: ServerResponse, service: FlagService, request: IncomingMessage) => void;

const JSON_TYPE = { 'content-type': 'application/json' };

/** In the form that was asked for: a body, or an event of a stream that stays open. */
function answer(response: ServerResponse, { headers }: IncomingMessage, text: string, head = {}): void {
  if (!wantsStream(headers.accept)) return void response.writeHead(200, { ...JSON_TYPE, ...head }).end(text);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(`id: ${tagOf(text)}\ndata: ${text}\n\n`);
}

const wantsStream = (accept = ''): boolean => accept.includes('text/event-stream');
const tagOf = (text: string): string => createHash('sha1').update(text).digest('hex');

function pour(response: ServerResponse, service: FlagService, request: IncomingMessage, head = {}): void {
  const stream = wantsStream(request.headers.accept);
  response.writeHead(200, stream ? { 'content-type': 'text/event-stream' } : { ...JSON_TYPE, ...head });
  if (stream) response.write('data: ');
  const chunk = Buffer.alloc(1 << 20, 120);
  let left = 200;
  const more = (): void => {
    while (left-- > 0) {
      service.pouredMb++;
      if (!response.write(chunk)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}

/** What a flag service may do to us. */
export const behaviours = {
  ok: (response, service, request) => {
    const { text } = service;
    const etag = `"${tagOf(text)}"`;
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
    answer(response, request, text, { etag });
    if (wantsStream(request.headers.accept)) service.streams.add(response);
  },
  hang: () => {},
  'HTTP 500': (response) => void response.writeHead(500).end('broken'),
  'HTTP 503 with Retry-After': (response) => void response.writeHead(503, { 'retry-after': '2' }).end(),
  'HTTP 404': (response) => void response.writeHead(404).end('nothing here'),
  'HTTP 401': (response) => void response.writeHead(401).end('who are you'),
  'HTTP 204': (response) => void response.writeHead(204).end(),
  'endless 304': (response) => void response.writeHead(304).end(),
  garbage: (response, _service, request) => answer(response, request, '\u0000<html>{"flags":', { etag: '"g"' }),
  'bytes that are no text': (response) => void response.writeHead(200, JSON_TYPE).end(Buffer.from([0x7b, 0xff, 0xfe])),
  '{}': (response, _service, request) => answer(response, request, '{}', { etag: '"e"' }),
  'half JSON': (response, service, request) =>
    answer(response, request, service.text.slice(0, service.text.length / 2), { etag: '"h"' }),
  '200 MB': (response, service, request) => pour(response, service, request),
  '200 MB, announced': (response, service, request) =>
    pour(response, service, request, { 'content-length': 200 << 20 }),
  slowloris: (response, _service, request) => {
    const type = wantsStream(request.headers.accept) ? { 'content-type': 'text/event-stream' } : JSON_TYPE;
    response.writeHead(200, type);
    const drip = setInterval(() => response.write(' '), 10);
    response.on('close', () => clearInterval(drip));
  },
  'reset before the head': (response) => void response.socket?.resetAndDestroy(),
  'reset mid-body': (response, service, request) => {
    const type = wantsStream(request.headers.accept) ? { 'content-type': 'text/event-stream' } : JSON_TYPE;
    response.writeHead(200, type);
    response.write(`data: ${service.text.slice(0, 20)}`, () => response.socket?.resetAndDestroy());
  },
  redirect: (response, service) => void response.writeHead(302, { location: service.elsewhere }).end(),
} as const satisfies Readonly<Record<string, Behaviour>>;

export type BehaviourName = keyof typeof behaviours;

/** A flag service on loopback that polls and streams at one address, and whose behaviour can be changed while it runs. */
export class FlagService {
  text: string = documentOf('ENABLED');
  elsewhere = '';
  pouredMb = 0;
  readonly requests: IncomingMessage[] = [];
  readonly streams = new Set<ServerResponse>();
  inFlight = 0;
  mostInFlight = 0;
  readonly #sockets = new Set<Socket>();
  #behaviour: BehaviourName = 'ok';
  #server: Server | undefined;
  #port = 0;

  async listen(): Promise<this> {
    const server = createServer((request, response) => this.#answer(request, response));
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/flags`;
  }

  /** From now on; streams that are open end. */
  behave(behaviour: BehaviourName): void {
    this.#behaviour = behaviour;
    this.cut();
  }

  /** To all who stream, as it is. */
  send(event: string): void {
    for (const stream of this.streams) stream.write(event);
  }

  cut(): void {
    for (const stream of this.streams) stream.destroy();
    this.streams.clear();
  }

  /** Nobody listens at the address any more; `listen` opens it again. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(request);
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    response.on('error', () => {});
    response.on('close', () => {
      this.inFlight--;
      this.streams.delete(response);
    });
    behaviours[this.#behaviour](response, this, request);
  }
}
