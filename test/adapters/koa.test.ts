import { once } from 'node:events';
import http from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { goldenSignals, type KoaContext } from '../../src/adapters/koa.js';
import { correlationId } from '../../src/context/carrier.js';
import { connect, listen, type Observed, observing, request, stopAll } from '../http/harness.js';

afterEach(stopAll);

/** Only what these tests use of Koa and its router: Koa brings no types. */
interface Ctx extends KoaContext {
  body: unknown;
  status: number;
  readonly params: Record<string, string>;
  throw(status: number): never;
}
type Middleware = (ctx: Ctx, next: () => Promise<unknown>) => unknown;
interface App {
  silent: boolean;
  use(middleware: unknown): App;
  callback(): http.RequestListener;
}
interface Router {
  get(path: string | RegExp, ...handlers: Middleware[]): Router;
  post(path: string, ...handlers: Middleware[]): Router;
  use(...args: unknown[]): Router;
  routes(): unknown;
  allowedMethods(): unknown;
}

let Koa: new (options?: { asyncLocalStorage?: boolean }) => App;
let KoaRouter: new (options?: { prefix?: string }) => Router;

beforeAll(async () => {
  const load = async <T>(name: string): Promise<T> => ((await import(name)) as { default: T }).default;
  Koa = await load('koa');
  KoaRouter = await load('@koa/router');
});

const ok: Middleware = (ctx) => {
  ctx.body = 'ok';
};
const pass: Middleware = (_ctx, next) => next();
const failing = (cause: unknown): Middleware => {
  return async () => {
    await new Promise(setImmediate);
    throw cause;
  };
};

function routed(app: App): App {
  const leaf = new KoaRouter();
  leaf
    .get('/', ok)
    .get('/items/:item', ok)
    .get('/fails', failing(new RangeError('leaf')));
  const org = new KoaRouter({ prefix: '/org/:org' });
  org.use(pass);
  org.use('/members', leaf.routes());
  const api = new KoaRouter({ prefix: '/api' });
  api
    .get('/users/:id', ok)
    .post('/users', ok)
    .get(/^\/re\/(\d+)$/, ok)
    .get('/files/*rest', ok);
  api.get('/not-found', (ctx) => ctx.throw(404));
  api.get('/forbidden', (ctx) => ctx.throw(403));
  api.get('/unavailable', (ctx) => ctx.throw(503));
  api.get('/fails', failing(new TypeError('api')));
  api.get('/empty', (ctx) => {
    ctx.status = 204;
  });
  api.get('/unchanged', (ctx) => {
    ctx.status = 304;
  });
  api.get('/stream', (ctx) => {
    ctx.body = Readable.from(['a', 'b', 'c']);
  });
  api.get('/broken-stream', (ctx) => {
    ctx.body = brokenStream();
  });
  api.use('/v/:ver', org.routes());
  return app.use(api.routes()).use(api.allowedMethods());
}

function brokenStream(): Readable {
  const stream = new PassThrough();
  stream.write('begun');
  setImmediate(() => stream.destroy(new Error('torn')));
  return stream;
}

interface Case {
  readonly name: string;
  readonly path: string;
  readonly method?: string;
  readonly route: string;
  readonly status: number;
  readonly outcome?: string;
  readonly errorType?: string;
}

const failed = { status: 500, outcome: 'error' };
const cases: readonly Case[] = [
  { name: 'a prefix', path: '/api/users/42', route: '/api/users/:id', status: 200 },
  { name: 'an encoded value', path: '/api/users/a%2Fb', route: '/api/users/:id', status: 200 },
  { name: 'a trailing slash', path: '/api/users/42/', route: '/api/users/:id', status: 200 },
  { name: 'HEAD', path: '/api/users/42', method: 'HEAD', route: '/api/users/:id', status: 200 },
  { name: 'POST', path: '/api/users', method: 'POST', route: '/api/users', status: 200 },
  { name: 'a RegExp', path: '/re/12', route: '/^\\/re\\/(\\d+)$/', status: 200 },
  { name: 'a wildcard', path: '/api/files/a/b', route: '/api/files/*rest', status: 200 },
  {
    name: 'nested routers',
    path: '/api/v/2/org/acme/members/items/1',
    route: '/api/v/:ver/org/:org/members/items/:item',
    status: 200,
  },
  {
    name: 'values that equal segments',
    path: '/api/v/org/org/v/members/items/members',
    route: '/api/v/:ver/org/:org/members/items/:item',
    status: 200,
  },
  { name: '204', path: '/api/empty', route: '/api/empty', status: 204 },
  { name: '304', path: '/api/unchanged', route: '/api/unchanged', status: 304 },
  { name: 'a stream', path: '/api/stream', route: '/api/stream', status: 200 },
  { name: 'no route', path: '/api/nowhere/1', route: '_unmatched', status: 404 },
  { name: 'no route in a nested router', path: '/api/v/1/org/2/nothing', route: '_unmatched', status: 404 },
  { name: 'no such method', path: '/api/users/42', method: 'DELETE', route: '_unmatched', status: 405 },
  {
    name: 'a method that the router does not know',
    path: '/api/users/42',
    method: 'PROPFIND',
    route: '_unmatched',
    status: 501,
    outcome: 'error',
    errorType: '501',
  },
  { name: 'ctx.throw(404)', path: '/api/not-found', route: '/api/not-found', status: 404 },
  { name: 'ctx.throw(403)', path: '/api/forbidden', route: '/api/forbidden', status: 403 },
  {
    name: 'ctx.throw(503)',
    path: '/api/unavailable',
    route: '/api/unavailable',
    status: 503,
    outcome: 'error',
    errorType: 'ServiceUnavailableError',
  },
  { name: 'a rejection', path: '/api/fails', route: '/api/fails', ...failed, errorType: 'TypeError' },
  {
    name: 'a rejection in a nested router',
    path: '/api/v/1/org/2/members/fails',
    route: '/api/v/:ver/org/:org/members/fails',
    ...failed,
    errorType: 'RangeError',
  },
];

const enterings = [
  { name: 'by itself, beside the middleware', auto: true, times: 1 },
  { name: 'through the middleware alone', auto: false, times: 1 },
  { name: 'through a middleware mounted twice', auto: false, times: 2 },
];

async function start(auto: boolean, times: number, build: (app: App) => App = routed): Promise<[Observed, number]> {
  const observed = observing({ http: { auto } });
  const app = new Koa();
  app.silent = true;
  for (let i = 0; i < times; i++) app.use(goldenSignals());
  return [observed, await listen(http.createServer(build(app).callback()))];
}

describe.each(enterings)('a request that enters $name', ({ auto, times }) => {
  test.each(cases)(
    'leaves one record for $name',
    async ({ path, method = 'GET', route, status, outcome, errorType }) => {
      const [observed, port] = await start(auto, times);

      const answer = await request(port, path, { method, headers: { 'x-correlation-id': 'mine-1' } });
      const records = await observed.recorded(1);

      expect(records).toMatchObject([{ path, route, status, outcome: outcome ?? 'ok', correlation_id: 'mine-1' }]);
      expect(records[0]?.['error_type']).toBe(errorType);
      expect(answer.status).toBe(status);
      expect(answer.headers['x-correlation-id']).toBe('mine-1');
      expect(observed.observability.signals.snapshot().traffic.inFlight).toBe(0);
    },
  );

  test('has its context in the handler, after an await and behind a body', async () => {
    const [observed, port] = await start(auto, times, (app) =>
      app.use(async (ctx: Ctx) => {
        const seen: unknown[] = [correlationId()];
        for await (const _chunk of ctx.req) seen.push(correlationId());
        ctx.req.on('close', () => seen.push(correlationId()));
        await new Promise(setImmediate);
        ctx.body = [...seen, correlationId()].join();
      }),
    );

    const answer = await request(port, '/', { method: 'POST', headers: { 'x-correlation-id': 'mine-2' } }, 'body');

    expect(answer.body).toBe('mine-2,mine-2,mine-2');
    expect(await observed.recorded(1)).toHaveLength(1);
  });

  test('is aborted, with its route and without a status, when the client goes first: never 404', async () => {
    let arrived = (): void => {};
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    const [observed, port] = await start(auto, times, (app) => {
      const router = new KoaRouter();
      router.get('/slow/:id', async (ctx) => {
        arrived();
        await once(ctx.res, 'close');
      });
      return app.use(router.routes());
    });
    const socket = await connect(port);

    socket.write('GET /slow/1 HTTP/1.1\r\nHost: x\r\n\r\n');
    await arrival;
    socket.destroy();
    const [record] = await observed.recorded(1);

    expect(record).toMatchObject({ route: '/slow/:id', outcome: 'aborted', abort_phase: 'before_headers' });
    expect(record).not.toHaveProperty('status');
    expect(observed.observability.signals.snapshot()).toMatchObject({
      traffic: { inFlight: 0 },
      errors: { ratio: null },
    });
  });

  test('is an error when its stream breaks off', async () => {
    const [observed, port] = await start(auto, times);

    await expect(request(port, '/api/broken-stream')).rejects.toThrow();

    expect(await observed.recorded(1)).toMatchObject([{ route: '/api/broken-stream', outcome: 'error', status: 200 }]);
  });
});

test('without the middleware a request is recorded by itself, under no route', async () => {
  const [observed, port] = await start(true, 0);

  await request(port, '/api/users/42');

  expect(await observed.recorded(1)).toMatchObject([{ route: '_unmatched', status: 200, outcome: 'ok' }]);
});

test('the error is named when a handler in front of the middleware answers for it', async () => {
  const [observed, port] = await start(true, 0, (app) => {
    app.use(async (ctx: Ctx, next: () => Promise<unknown>) => {
      await next().catch(() => {
        ctx.status = 502;
        ctx.body = 'answered';
      });
    });
    return routed(app.use(goldenSignals()));
  });

  await request(port, '/api/fails');

  expect(await observed.recorded(1)).toMatchObject([{ route: '/api/fails', status: 502, error_type: 'TypeError' }]);
});

test("Koa's own asyncLocalStorage and ours do not disturb each other", async () => {
  const observed = observing();
  const app = new Koa({ asyncLocalStorage: true });
  app.use(goldenSignals()).use((ctx: Ctx) => {
    ctx.body = String(correlationId());
  });
  const port = await listen(http.createServer(app.callback()));

  const answer = await request(port, '/', { headers: { 'x-correlation-id': 'mine-3' } });

  expect(answer.body).toBe('mine-3');
  expect(await observed.recorded(1)).toHaveLength(1);
});

test('200 requests at once to 20 tenants leave one template and no value', async () => {
  const [observed, port] = await start(true, 1);

  await Promise.all(
    Array.from({ length: 200 }, (_, i) => request(port, `/api/v/v${i % 7}/org/o${i % 20}/members/items/${i}`)),
  );
  const routes = new Set((await observed.recorded(200)).map(({ route }) => route));

  expect([...routes]).toEqual(['/api/v/:ver/org/:org/members/items/:item']);
});
