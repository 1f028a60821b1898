import http from 'node:http';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { goldenSignals } from '../../src/adapters/express.js';
import { correlationId } from '../../src/context/carrier.js';
import { listen, type Observed, observing, request, stopAll } from '../http/harness.js';
import { answeringErrors, type Case, errorCases, everyRoute, routeCases } from './express-routes.js';
import { type App, type Express, flavours, type Handler } from './flavours.js';

afterEach(stopAll);

interface Entering {
  readonly name: string;
  readonly auto: boolean;
  mount(app: App): void;
  serve(app: App): http.Server;
}

const direct = (app: App): http.Server => http.createServer(app);
const wrapped = (app: App): http.Server => http.createServer((incoming, response) => app(incoming, response));
const once = (app: App): unknown => app.use(goldenSignals());

const enterings: readonly Entering[] = [
  { name: 'by itself, without a middleware', auto: true, mount: () => {}, serve: direct },
  { name: 'by itself, beside the middleware', auto: true, mount: once, serve: direct },
  { name: 'through the middleware alone', auto: false, mount: once, serve: direct },
  {
    name: 'through a middleware mounted twice',
    auto: false,
    mount: (app) => {
      once(app);
      once(app);
    },
    serve: direct,
  },
  { name: 'through the middleware behind a handler of its own', auto: false, mount: once, serve: wrapped },
  { name: 'by itself, beside the middleware, behind a handler of its own', auto: true, mount: once, serve: wrapped },
];

/** Sends the cases one after the other; what was recorded and what should have been. */
async function play(observed: Observed, port: number, cases: readonly Case[], headers: Record<string, string> = {}) {
  for (const { path, method = 'GET' } of cases) await request(port, path, { method, headers });
  const records = await observed.recorded(cases.length);
  return {
    seen: records.map(({ path, route, status, error_type }) => ({ path, route, status, error_type })),
    expected: cases.map(({ path, route, status = 200, errorType }) => {
      return { path: path.split('?')[0], route, status, error_type: errorType };
    }),
  };
}

const inFlight = ({ observability }: Observed): number => observability.signals.snapshot().traffic.inFlight;

describe.each(flavours)('$name', (flavour) => {
  let express: Express;
  beforeAll(async () => {
    express = await flavour.load();
  });

  describe.each(enterings)('a request that enters $name', ({ auto, mount, serve }) => {
    const start = async (build: (app: App) => App): Promise<{ observed: Observed; port: number }> => {
      const observed = observing({ http: { auto } });
      const app = express();
      mount(app);
      return { observed, port: await listen(serve(build(app))) };
    };

    test('leaves one record with the template of its route', async () => {
      const { observed, port } = await start((app) => everyRoute(express, flavour, app));

      const { seen, expected } = await play(observed, port, routeCases(flavour));

      expect(seen).toEqual(expected);
      expect(inFlight(observed)).toBe(0);
    });

    test('keeps its template and tells the error when nobody answers for it', async () => {
      const { observed, port } = await start((app) => everyRoute(express, flavour, app));

      const { seen, expected } = await play(observed, port, errorCases(500));

      expect(seen).toEqual(expected);
      expect(observed.records().every(({ outcome }) => outcome === 'error')).toBe(true);
    });

    test('keeps its template and tells the error when a handler answers 5xx', async () => {
      const { observed, port } = await start((app) => answeringErrors(everyRoute(express, flavour, app)));

      const { seen, expected } = await play(observed, port, errorCases(503));

      expect(seen).toEqual(expected);
    });

    test('keeps its template and is no error when a handler answers 4xx', async () => {
      const { observed, port } = await start((app) => answeringErrors(everyRoute(express, flavour, app)));
      const cases = errorCases(422).map(({ errorType: _, ...rest }) => rest);

      const { seen, expected } = await play(observed, port, cases, { 'x-fault': 'client' });

      expect(seen).toEqual(expected);
      expect(observed.records().every(({ outcome }) => outcome === 'ok')).toBe(true);
    });

    test('has its context in the handler, after an await and behind a body parser', async () => {
      const { observed, port } = await start((app) => {
        app.post('/echo/:x', express.json(), reportingIds);
        return app;
      });
      const headers = { 'content-type': 'application/json', 'x-correlation-id': 'mine-1' };

      const answer = await request(port, '/echo/1', { method: 'POST', headers }, '{"a":1}');

      expect(JSON.parse(answer.body)).toEqual({ body: { a: 1 }, before: 'mine-1', after: 'mine-1' });
      expect(await observed.recorded(1)).toMatchObject([{ route: '/echo/:x', correlation_id: 'mine-1' }]);
    });

    test.each(['/flat', '/nowhere', '/api/v1/throws', '/guarded/1'])('gives its ID back on %s', async (path) => {
      const { observed, port } = await start((app) => everyRoute(express, flavour, app));

      const answer = await request(port, path, { headers: { 'x-correlation-id': 'mine-2' } });

      expect(answer.headers['x-correlation-id']).toBe('mine-2');
      expect(await observed.recorded(1)).toMatchObject([{ correlation_id: 'mine-2' }]);
    });
  });

  test('app.listen is observed like a server of its own', async () => {
    const observed = observing();
    const app = everyRoute(express, flavour) as App & { listen(port: number, host: string): http.Server };
    const server = app.listen(0, '127.0.0.1');
    const port = await listen(server);

    await request(port, '/api/v1/items/1');

    expect(await observed.recorded(1)).toMatchObject([{ route: '/api/:ver/items/:item' }]);
  });

  test('an application that got its routes after its first request is named all the same', async () => {
    const observed = observing();
    const app = express();
    const port = await listen(http.createServer(app));

    await request(port, '/users/1');
    everyRoute(express, flavour, app);
    await request(port, '/users/1');

    expect((await observed.recorded(2)).map(({ route }) => route)).toEqual(['_unmatched', '/users/:id']);
  });

  test('200 requests at once to 20 tenants, with matching held up, leave two templates and no value', async () => {
    const observed = observing();
    const app = express();
    const tenant = express.Router();
    tenant.get('/users/:id', okLater);
    tenant.get('/fails', flavour.failLater(new Error('later')));
    app.param('tenant', (_request, _response, next) => setImmediate(next));
    app.use('/t/:tenant', tenant);
    const port = await listen(http.createServer(app));

    await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const path = i % 5 === 0 ? '/elsewhere' : `/t/tenant-${i % 20}/${i % 5 === 1 ? 'fails' : `users/${i}`}`;
        await request(port, path);
      }),
    );
    const counts = new Map<unknown, number>();
    for (const { route } of await observed.recorded(200)) counts.set(route, (counts.get(route) ?? 0) + 1);

    expect(Object.fromEntries(counts)).toEqual({ '/t/:tenant/users/:id': 120, '/t/:tenant/fails': 40, _unmatched: 40 });
    expect(inFlight(observed)).toBe(0);
  });
});

const okLater: Handler = (_request, response) => setImmediate(() => response.end());

const reportingIds: Handler = async (incoming, response) => {
  const before = correlationId();
  await new Promise(setImmediate);
  response.json({ body: incoming.body, before, after: correlationId() });
};
