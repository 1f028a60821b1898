import type { RequestListener, Server } from 'node:http';
import { diagnostics, messageOf } from '../core/diagnostics.js';
import { http } from '../core/node-http.js';
import { UNOBSERVED } from '../http/server.js';

/** A request or a head that takes longer is nobody's scrape. */
const TIMEOUT_MS = 10_000;
const CLOSE_MS = 500;

/**
 * The admin surface on a port of its own. It keeps no process alive, counts in no signal, and a port that cannot be had
 * is told and does not end the service.
 */
export class AdminServer {
  readonly #server: Server;
  #listening: Promise<number | undefined> = Promise.resolve(undefined);

  constructor(handler: RequestListener) {
    this.#server = http.createServer({ requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS }, handler);
    Object.assign(this.#server, { [UNOBSERVED]: true });
    this.#server.maxConnections = 200;
  }

  /** Resolves with the port, once it listens; `undefined` when it cannot. */
  listen(port: number, host: string): Promise<number | undefined> {
    this.#listening = new Promise((resolve) => {
      this.#server.on('error', (cause) => {
        diagnostics.warn('admin port', `the admin surface is not there: ${host}:${port}: ${messageOf(cause)}`, cause);
        resolve(undefined);
      });
      this.#server.listen(port, host, () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : undefined);
      });
      this.#server.unref();
    });
    return this.#listening;
  }

  get listening(): Promise<number | undefined> {
    return this.#listening;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const force = setTimeout(() => this.#server.closeAllConnections(), CLOSE_MS);
    await closed;
    clearTimeout(force);
  }
}
