import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, test } from 'vitest';
import { goldenSignals } from '../../src/adapters/fastify.js';
import { correlationId } from '../../src/context/carrier.js';
import { connect, observing, pause, request, stopAll } from '../http/harness.js';

const apps: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  await stopAll();
});

async function serving(build: (app: FastifyInstance) => void, times = 1): Promise<number> {
  const app = fastify({ forceCloseConnections: true });
  apps.push(app);
  for (let i = 0; i < times; i++) await app.register(goldenSignals() as never);
  build(app);
  await app.ready();
  app.server.listen(0, '127.0.0.1');
  await new Promise((resolve) => app.server.once('listening', resolve));
  return (app.server.address() as { port: number }).port;
}

describe.each([
  ['beside the automatic entry', true],
  ['alone', false],
] as const)('Fastify, %s', (_how, auto) => {
  test('a route has its template, prefix included, on success and on error', async () => {
    const { recorded } = observing({ http: { auto } });
    const port = await serving((app) => {
      app.get('/users/:id', async () => correlationId());
      app.register(
        async (inner) => {
          inner.get('/orders/:order/items/:item', async () => 'x');
          inner.get('/fail/:why', async ({ params }) => {
            throw new RangeError(JSON.stringify(params));
          });
        },
        { prefix: '/shops/:shop' },
      );
    });
    const answer = await request(port, '/users/7', { headers: { 'x-correlation-id': 'c-7' } });
    expect(answer).toMatchObject({ status: 200, body: 'c-7' });
    expect(answer.headers['x-correlation-id']).toBe('c-7');
    await request(port, '/shops/1/orders/2/items/3?q=1');
    await request(port, '/shops/1/fail/now');
    await request(port, '/nowhere/else');
    expect((await recorded(4)).map(({ route, status, error_type: type }) => [route, status, type])).toEqual([
      ['/users/:id', 200, undefined],
      ['/shops/:shop/orders/:order/items/:item', 200, undefined],
      ['/shops/:shop/fail/:why', 500, 'RangeError'],
      ['_unmatched', 404, undefined],
    ]);
  });

  test('a client that goes away is no error', async () => {
    const { recorded } = observing({ http: { auto } });
    const port = await serving((app) => void app.get('/slow/:n', () => new Promise(() => {})));
    const socket = await connect(port);
    socket.write('GET /slow/1 HTTP/1.1\r\nHost: a\r\n\r\n');
    await pause(50);
    socket.destroy();
    expect(await recorded(1)).toMatchObject([{ route: '/slow/:n', outcome: 'aborted' }]);
  });

  test('registered twice, a request counts once', async () => {
    const { recorded } = observing({ http: { auto } });
    const port = await serving((app) => void app.get('/a', async () => 'a'), 2);
    await request(port, '/a');
    expect(await recorded(1)).toHaveLength(1);
  });
});
