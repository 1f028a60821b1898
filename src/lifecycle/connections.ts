import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { ServerHttp2Session } from 'node:http2';
import type { Server, Socket } from 'node:net';

/** Whatever listens: http, https, http2 and plain TCP servers. */
export type Drainable = Server & Partial<Pick<HttpServer, 'closeIdleConnections' | 'closeAllConnections'>>;

/** Node's own note of the response that a connection is busy with. Nobody documents it; without it the sweep does the work, later. */
type Busy = Socket & { readonly _httpMessage?: ServerResponse | null };

/**
 * The connections of one server, as far as asking them to leave needs it. A connection costs a place in a set; a request
 * costs nothing until `sayClose`.
 */
export class Connections {
  readonly #server: Drainable;
  /** As they were accepted. */
  readonly #sockets = new Set<Busy>();
  /** What TLS made of them: those that requests come over. */
  readonly #secure = new Set<Busy>();
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #undo: (() => void)[] = [];
  #leaving = false;

  constructor(server: Drainable) {
    this.#server = server;
    this.#listen('connection', (socket: Socket) => kept(this.#sockets, socket));
    this.#listen('secureConnection', (socket: Socket) => kept(this.#secure, socket));
    this.#listen('session', (session: ServerHttp2Session) => {
      kept(this.#sessions, session);
      if (this.#leaving) session.close();
    });
  }

  /** Open ones, upgraded ones included. */
  get open(): number {
    return this.#sockets.size;
  }

  /** From now on each answer is the last one of its connection, also those under way whose head is not written yet. */
  sayClose(): void {
    if (this.#leaving) return;
    this.#leaving = true;
    for (const { _httpMessage: response } of [...this.#sockets, ...this.#secure]) if (response) lastOne(response);
    for (const session of this.#sessions) session.close(); // streams that are open are served to their end
    // Before all other listeners, as a handler may write its head at once.
    this.#listen('request', ({ httpVersionMajor }: IncomingMessage, response: ServerResponse) => {
      if (httpVersionMajor === 1) lastOne(response);
    });
  }

  sweepIdle(): void {
    this.#server.closeIdleConnections?.();
  }

  /** Whatever is under way on them. */
  cut(): void {
    this.#server.closeAllConnections?.();
    for (const session of this.#sessions) session.destroy();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Resolves when the last one has told its end: a server closes before that, and what was cut ends with its connection. */
  async gone(): Promise<void> {
    const open = [...this.#sockets, ...this.#secure];
    await Promise.all(open.map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()))));
  }

  forget(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  #listen<A extends unknown[]>(event: string, listener: (...args: A) => void): void {
    const any = listener as (...args: unknown[]) => void; // what this event brings
    this.#server.prependListener(event, any);
    this.#undo.push(() => this.#server.off(event, any));
  }
}

function kept<T extends { once(event: 'close', listener: () => void): unknown }>(all: Set<T>, one: T): void {
  all.add(one);
  one.once('close', () => all.delete(one));
}

/** Node writes `Connection: close` and ends the connection after it, unless the application has set that header itself. */
function lastOne(response: ServerResponse): void {
  if (!response.headersSent) response.shouldKeepAlive = false;
}
