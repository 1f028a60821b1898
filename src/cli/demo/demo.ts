import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { memory } from '../../flags/sources/memory.js';
import { observe } from '../../observe.js';
import { Failure } from '../failure.js';
import { pause, top } from '../top.js';
import type { Paper } from '../top-screen.js';
import { document, plans } from './flags.js';
import { routeOf, shop } from './shop.js';
import { startTraffic } from './traffic.js';

export interface DemoOptions {
  /** Of the status page; 0: a spare one. */
  readonly port: number;
  /** `undefined`: not on a terminal, so one look at its end. */
  readonly paper: (() => Paper) | undefined;
  /** Ends it. */
  readonly signal: AbortSignal;
}

const REQUESTS_PER_SECOND = 40;
const LOOK_EVERY_MS = 1000;
const DAY_MS = 24 * 3600 * 1000;

/** A shop, customers who come by themselves, and its page. Resolves when it was ended and all is stopped. */
export async function runDemo(
  { port, paper, signal }: DemoOptions,
  output: { out(text: string): void },
): Promise<void> {
  const { admin, shutdown } = observe({
    service: 'demo-shop',
    version: '1.0.0',
    environment: 'demo',
    http: { route: routeOf },
    log: { destination: unread() }, // the page shows them
    traces: {},
    flags: { source: memory(document) },
    rollouts: { plans },
    admin: { port, otlp: true },
  });
  const url = `http://127.0.0.1:${await portOf(admin.port, port)}/`;
  const server = createServer(shop()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const traffic = startTraffic((server.address() as AddressInfo).port, REQUESTS_PER_SECOND); // it listens on TCP
  output.out(`The status page: ${url}  (q or Ctrl-C ends the demo)\n\n`);
  try {
    if (paper !== undefined) {
      const below = (): Paper => ({ ...paper(), rows: paper().rows - 1 });
      await top(
        {
          url,
          token: undefined,
          json: false,
          paper: below,
          everyMs: LOOK_EVERY_MS,
          signal,
          title: `Page: ${url}  (q ends)`,
        },
        output,
      );
    } else {
      await pause(DAY_MS, signal);
      await top(
        { url, token: undefined, json: false, paper, everyMs: LOOK_EVERY_MS, signal: new AbortController().signal },
        output,
      );
    }
  } finally {
    const sent = traffic.stop();
    server.close();
    server.closeAllConnections();
    const { durationMs, spans, logs } = await shutdown();
    output.out(
      `\n${sent} requests, ${logs.written} log lines, ${spans.ended} spans; stopped within ${Math.round(durationMs)} ms.\n`,
    );
  }
}

async function portOf(listening: Promise<number | undefined>, wanted: number): Promise<number> {
  const port = await listening;
  if (port === undefined) throw new Failure('unavailable', `port ${wanted} is taken: --port 0 takes a spare one`);
  return port;
}

function unread(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
