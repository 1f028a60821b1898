import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request, as it came. */
export interface Received {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver of webhooks on the loopback that keeps what it gets, and answers as it is told. */
export class Receiver {
  readonly received: Received[] = [];
  /** Of the next answers; the last one goes on. `undefined`: no answer at all. */
  statuses: (number | undefined)[] = [200];
  headers: http.OutgoingHttpHeaders = {};
  #waiting: (() => void)[] = [];
  readonly #server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    this.received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
    const status = this.statuses.length > 1 ? this.statuses.shift() : this.statuses[0];
    if (status !== undefined) response.writeHead(status, this.headers).end('noted');
    for (const wake of this.#waiting.splice(0)) wake();
  });

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when it has got so many. */
  async has(count: number): Promise<void> {
    while (this.received.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
