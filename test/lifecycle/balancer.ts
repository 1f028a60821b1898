import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { get } from './service.js';

const LOOK_MS = 50;

/** Sends each request to the next of the services that are ready, over connections that are kept. It repeats nothing. */
export class Balancer {
  readonly failures: string[] = [];
  /** Answers by the port they came from. */
  readonly answered = new Map<number, number>();
  readonly #agent = new http.Agent({ keepAlive: true });
  readonly #server = http.createServer((request, response) => this.#pass(request, response));
  readonly #ports: readonly number[];
  readonly #timer: NodeJS.Timeout;
  #ready: readonly number[];
  #turn = 0;

  constructor(ports: readonly number[]) {
    this.#ports = ports;
    this.#ready = ports;
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#agent.destroy();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #look(): Promise<void> {
    const looks = this.#ports.map(async (port) => {
      const status = await get(port, '/readyz').then(
        (answer) => answer.status,
        () => 0,
      );
      return status === 200 ? [port] : [];
    });
    this.#ready = (await Promise.all(looks)).flat();
  }

  #pass(request: http.IncomingMessage, response: http.ServerResponse): void {
    const port = this.#ready[this.#turn++ % this.#ready.length];
    const fail = (cause: Error): void => {
      this.failures.push(cause.message);
      if (!response.headersSent) response.writeHead(502);
      response.end();
    };
    if (port === undefined) {
      fail(new Error('nobody is ready'));
      return;
    }
    const onward = http.request({ port, host: '127.0.0.1', path: request.url, agent: this.#agent }, (answer) => {
      this.answered.set(port, (this.answered.get(port) ?? 0) + 1);
      response.writeHead(answer.statusCode ?? 0);
      answer.pipe(response);
      answer.on('error', fail);
    });
    onward.on('error', fail);
    onward.end();
  }
}
