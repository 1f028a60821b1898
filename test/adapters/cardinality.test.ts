import http from 'node:http';
import { Writable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, test } from 'vitest';
import { connect, listen, observing, stopAll } from '../http/harness.js';
import { flavours, type Handler } from './flavours.js';

afterEach(stopAll);

const REQUESTS = 100_000;
const WARM_UP = 4_000;
const SOCKETS = 4;
const PIPELINED = 100;
const MAX_GROWTH = 5 * 2 ** 20;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is reachable, buffers included: histograms are typed arrays. */
function heap(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const urls: readonly ((i: number) => string)[] = [
  (i) => `/nothing/at/${i}`,
  (i) => `/users/${i}/posts/${i}`,
  (i) => `/tenants/t${i}/items/${i}?q=${i}`,
  (i) => `/assets/${i}.css`,
];

/** Requests `from` to `to`, over a few connections with many requests on the way at once. */
async function flood(port: number, from: number, to: number): Promise<void> {
  const share = (to - from) / SOCKETS;
  await Promise.all(
    Array.from({ length: SOCKETS }, async (_, lane) => {
      const socket = await connect(port);
      const first = from + lane * share;
      for (let i = first; i < first + share; i += PIPELINED) {
        const batch = Array.from({ length: Math.min(PIPELINED, first + share - i) }, (_, k) => head(i + k));
        const answers = answered(socket, batch.length);
        socket.write(batch.join(''));
        await answers;
      }
      socket.destroy();
    }),
  );
}

function head(i: number): string {
  const url = urls[i % urls.length] as (i: number) => string;
  return `GET ${url(i)} HTTP/1.1\r\nHost: x\r\nx-correlation-id: id-${i}\r\n\r\n`;
}

const ANSWER = 'HTTP/1.1 ';

function answered(socket: NodeJS.ReadableStream, count: number): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0;
    let rest = '';
    const onData = (chunk: Buffer): void => {
      const text = rest + chunk.toString('latin1');
      seen += text.split(ANSWER).length - 1;
      rest = text.slice(-(ANSWER.length - 1));
      if (seen < count) return;
      socket.off('data', onData);
      resolve();
    };
    socket.on('data', onData);
  });
}

async function express5(): Promise<http.Server> {
  const [five] = flavours;
  if (five === undefined) throw new Error('no flavour');
  const express = await five.load();
  const ok: Handler = (_request, response) => response.end();
  const tenant = express.Router();
  tenant.get('/items/:item', ok);
  const app = express();
  app.get('/users/:id/posts/:post', ok);
  app.use('/tenants/:tenant', tenant);
  app.use('/assets', ok);
  return http.createServer(app);
}

/** Express's own on-finished listens on the connection once per answer that is queued behind another one. */
function quiet(server: http.Server): http.Server {
  return server.on('connection', (socket) => socket.setMaxListeners(0));
}

const servers = [
  { name: 'Express 5', server: express5, routes: 4 },
  { name: 'plain http', server: async () => http.createServer((_request, response) => void response.end()), routes: 1 },
];

test.each(servers)(
  '100,000 URLs on $name leave $routes routes and the heap as it was',
  async ({ name, server, routes }) => {
    const discarded = new Writable({ write: (_chunk, _encoding, done) => done() });
    const { observability } = observing({ log: { destination: discarded } });
    const port = await listen(quiet(await server()));
    await flood(port, 0, WARM_UP);

    const before = heap();
    await flood(port, WARM_UP, WARM_UP + REQUESTS);
    const grown = heap() - before;

    console.info(`${name}: ${(grown / 2 ** 20).toFixed(2)} MB after ${REQUESTS} URLs`);
    const { traffic } = observability.signals.snapshot();
    expect(traffic).toMatchObject({ inFlight: 0, total: WARM_UP + REQUESTS });
    expect(observability.signals.routes()).toHaveLength(routes);
    expect(grown).toBeLessThan(MAX_GROWTH);
  },
);

test('a route function that answers with the path itself is cut off at 200 routes, and the heap stays in bounds', async () => {
  const { observability } = observing({
    log: { destination: new Writable({ write: (_chunk, _encoding, done) => done() }) },
    http: { route: ({ url }) => url },
  });
  const port = await listen(http.createServer((_request, response) => void response.end()));
  await flood(port, 0, WARM_UP);

  const before = heap();
  await flood(port, WARM_UP, WARM_UP + 20_000);
  const grown = heap() - before;

  console.info(`route function: ${(grown / 2 ** 20).toFixed(2)} MB after 20000 URLs`);
  const routes = observability.signals.routes();
  expect(routes.length).toBeLessThanOrEqual(201);
  expect(routes.find(({ route }) => route === '_other')?.traffic.total).toBe(WARM_UP + 20_000 - 200);
  expect(grown).toBeLessThan(MAX_GROWTH);
});
