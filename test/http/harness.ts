import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import type { ObserveOptions } from '../../src/config/options.js';
import type { Observability } from '../../src/instance.js';
import { observe, shutdown } from '../../src/observe.js';

export type Line = Record<string, unknown>;

export interface Observed {
  readonly observability: Observability;
  /** All log lines so far. */
  lines(): Line[];
  /** The access-log lines so far: one per exchange that has ended. */
  records(): Line[];
  /** Waits until that many exchanges have ended; fails after ten seconds. */
  recorded(count: number): Promise<Line[]>;
}

const servers = new Set<{ close(): unknown; closeAllConnections?(): void }>();

/** Observes with the log in memory; `stopAll` in `afterEach` ends it. */
export function observing(options: ObserveOptions = {}): Observed {
  const chunks: string[] = [];
  const destination = new Writable({
    write: (chunk, _encoding, done) => {
      chunks.push(String(chunk));
      done();
    },
  });
  const observability = observe({
    service: 'test',
    version: '1',
    environment: 'test',
    ...options,
    log: { destination, ...options.log },
  });
  const lines = (): Line[] =>
    chunks
      .join('')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  const records = (): Line[] => lines().filter((line) => line['event'] === 'http_request');
  return {
    observability,
    lines,
    records,
    recorded: async (count) => {
      for (let tries = 0; tries < 1000 && records().length < count; tries++) await pause(10);
      await pause(20); // room for one record too many to show itself
      return records();
    },
  };
}

export async function stopAll(): Promise<void> {
  for (const server of servers) {
    server.close();
    server.closeAllConnections?.();
  }
  servers.clear();
  await shutdown();
}

/** Listens on a spare loopback port and answers with it. */
export async function listen(server: net.Server): Promise<number> {
  servers.add(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** One request by node:http, to its end. */
export function request(port: number, path = '/', options: http.RequestOptions = {}, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = http.request({ port, path, host: '127.0.0.1', agent: false, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** A raw connection, for what no well-behaved client does. */
export async function connect(port: number): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
