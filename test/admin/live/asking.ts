import http from 'node:http';
import { goldenSignals } from '../../../src/adapters/express.js';
import type { ObserveOptions } from '../../../src/config/options.js';
import { type MemorySource, memory } from '../../../src/flags/sources/memory.js';
import type { Observability } from '../../../src/instance.js';
import { flagClient } from '../../../src/parts/flags.js';
import { type App, flavours, type Handler } from '../../adapters/flavours.js';
import { type Answer, listen, type Observed, observing, request, stopAll } from '../../http/harness.js';

export const TOKEN = 'a-token-of-at-least-16';
/** Of the documentation range: nobody's. */
export const ELSEWHERE = '192.0.2.7';

/** Its requests are not seen by the process that makes them: an operator's browser is another one. */
export const elsewhere = Object.assign(new http.Agent(), { [Symbol.for('fourlights.ours')]: true });

export interface Asking {
  readonly observed: Observed;
  readonly port: number;
  /** As this machine's own browser would. */
  ask(path: string, options?: http.RequestOptions, body?: string): Promise<Answer>;
  /** A change as the page makes it. */
  change(resource: string, wish: unknown, headers?: http.OutgoingHttpHeaders): Promise<Answer>;
}

/** A real admin surface on a real port; `from` is the address that its connections seem to come from. */
export async function asking(options: ObserveOptions = {}, from?: string): Promise<Asking> {
  const observed = observing(options);
  const { handler } = observed.observability.admin;
  const server = http.createServer((incoming, response) => {
    if (from !== undefined) Object.defineProperty(incoming.socket, 'remoteAddress', { value: from });
    handler(incoming, response);
  });
  Object.assign(server, { [Symbol.for('fourlights.unobserved')]: true });
  const port = await listen(server);
  return {
    observed,
    port,
    ask: (path, given, body) => request(port, path, { agent: elsewhere, ...given }, body),
    change: (resource, wish, headers = {}) =>
      request(
        port,
        `/api/${resource}`,
        {
          method: 'POST',
          agent: elsewhere,
          headers: {
            'content-type': 'application/json',
            'x-fourlights-change': '1',
            origin: `http://127.0.0.1:${port}`,
            ...headers,
          },
        },
        JSON.stringify(wish),
      ),
  };
}

/** A source of flags that are on for everyone. */
export const flagsOf = (...keys: readonly string[]): MemorySource =>
  memory({
    flags: Object.fromEntries(
      keys.map((key) => [key, { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' }]),
    ),
  });

/** Ends it all; what was held above the flags is let go, as the client outlives its sources. */
export async function stopAsking(): Promise<void> {
  for (const { key } of flagClient.snapshot()) {
    for (const layer of ['kill', 'override', 'shed'] as const) flagClient.lift(layer, key);
  }
  await stopAll();
}

/** A small shop: one route that asks a flag, one that fails and says so. Answers with its port. */
export async function openShop({ log, flags, span }: Observability): Promise<number> {
  const app = await expressApp();
  app.use(goldenSignals());
  const cart: Handler = ({ params }, response) =>
    response.json(flags.boolean('new_checkout', false, { targetingKey: params['user'] }));
  const order: Handler = async (_incoming, response) => {
    await span('charge the card', async () => log.error({ card: 'declined' }, 'charge_failed'));
    response.writeHead(503).end();
  };
  const report: Handler = (_incoming, response) => void setTimeout(() => response.json([]), 50);
  app.get('/carts/:user', cart);
  app.get('/orders/:id', order);
  app.get('/reports/:id', report);
  return listen(http.createServer(app));
}

/** Express, as far as it is used here: it brings no types. */
export async function expressApp(): Promise<App> {
  const [five] = flavours;
  if (five === undefined) throw new Error('no Express');
  return (await five.load())();
}
