import { EventEmitter, once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import type net from 'node:net';
import * as undici from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import type { HttpOptions } from '../../src/config/options.js';
import { correlationId } from '../../src/context/carrier.js';
import { certificate } from '../support/certificate.js';
import { type Call, callsWith, followers, plainCalls, secureCalls } from './calls.js';
import { listen, type Observed, observing, request, stopAll } from './harness.js';

afterEach(stopAll);

const HEADER = 'x-correlation-id';

/** A server that keeps the correlation headers of its requests, as they came over the wire. */
class Target {
  readonly arrived: string[][] = [];
  readonly #server: net.Server;
  port = 0;

  constructor(answer: http.RequestListener = (_request, response) => response.end('ok'), secure = false) {
    const listener: http.RequestListener = (incoming, response) => {
      const { rawHeaders } = incoming;
      this.arrived.push(rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === HEADER));
      answer(incoming, response);
    };
    this.#server = secure ? https.createServer(certificate, listener) : http.createServer(listener);
  }

  async start(): Promise<this> {
    this.port = await listen(this.#server);
    return this;
  }

  url(host = '127.0.0.1'): string {
    return `${this.#server instanceof https.Server ? 'https' : 'http'}://${host}:${this.port}/`;
  }
}

/** Runs `work` in the handler of a request that has that ID. */
async function insideRequest(id: string, work: () => Promise<unknown>): Promise<void> {
  let failure: unknown;
  const port = await listen(
    http.createServer(async (_request, response) => {
      await work().catch((cause: unknown) => {
        failure = cause;
      });
      response.end(correlationId());
    }),
  );
  const { body } = await request(port, '/', { headers: { [HEADER]: id } });
  if (failure !== undefined) throw failure;
  expect(body).toBe(id);
}

const observe = (options: HttpOptions = {}): Observed => observing({ http: options, log: { level: 'warn' } });

describe('a call from inside a request carries its ID, once', () => {
  test.each(Object.entries(plainCalls))('%s', async (_name, call) => {
    observe();
    const target = await new Target().start();

    await insideRequest('carried-1', () => call(target.url()));

    expect(target.arrived).toEqual([['carried-1']]);
  });

  test.each(Object.entries(secureCalls))('%s', async (_name, call) => {
    observe();
    const target = await new Target(undefined, true).start();

    await insideRequest('carried-2', () => call(target.url()));

    expect(target.arrived).toEqual([['carried-2']]);
  });
});

describe.each([HEADER, 'X-Correlation-Id', 'X-CORRELATION-ID'])(
  '%s that the caller set itself stays as it is',
  (name) => {
    test.each(Object.entries(callsWith(name, 'own-1')))('%s', async (_name, call) => {
      observe();
      const target = await new Target().start();

      await insideRequest('other-1', () => call(target.url()));

      expect(target.arrived).toEqual([['own-1']]);
    });
  },
);

test('no client adds anything outside of a request', async () => {
  observe();
  const [plain, secure] = [await new Target().start(), await new Target(undefined, true).start()];

  for (const call of Object.values(plainCalls)) await call(plain.url());
  for (const call of Object.values(secureCalls)) await call(secure.url());

  expect(plain.arrived).toEqual(Object.keys(plainCalls).map(() => []));
  expect(secure.arrived).toEqual(Object.keys(secureCalls).map(() => []));
});

test('no client adds anything before observe() and after shutdown()', async () => {
  const target = await new Target().start();
  const { observability } = observe();
  const { run } = observability.context;
  await observability.shutdown();

  for (const call of Object.values(plainCalls)) await run({ correlationId: 'late-1' }, () => call(target.url()));

  expect(target.arrived).toEqual(Object.keys(plainCalls).map(() => []));
});

describe('a host that is not allowed gets nothing', () => {
  test.each(Object.entries(plainCalls))('%s', async (_name, call) => {
    observe({ propagateTo: ['localhost'] });
    const target = await new Target().start();

    await insideRequest('kept-1', () => call(target.url('127.0.0.1')));

    expect(target.arrived).toEqual([[]]);
  });

  test('https', async () => {
    observe({ propagateTo: ['localhost'] });
    const target = await new Target(undefined, true).start();

    for (const call of Object.values(secureCalls)) await insideRequest('kept-2', () => call(target.url()));

    expect(target.arrived).toEqual(Object.keys(secureCalls).map(() => []));
  });
});

/** Resolves every name to this machine, so that no call leaves it. */
const lookup: net.LookupFunction = (_host, options, done) =>
  options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);

const toName: Readonly<Record<string, Call>> = {
  'http.get': async (url) => {
    const [response] = await once(http.get(url, { lookup, agent: false }), 'response');
    await once(response.resume(), 'end');
  },
  'undici.request': async (url) => {
    const dispatcher = new undici.Agent({ connect: { lookup } });
    await (await undici.request(url, { dispatcher })).body.text();
    await dispatcher.close();
  },
};

describe.each(Object.entries(toName))('by %s', (_name, call) => {
  test.each([
    ['localhost', undefined, true],
    ['orders', undefined, true],
    ['orders.default.svc.cluster.local', undefined, true],
    ['api.internal', undefined, true],
    ['example.com', undefined, false],
    ['notlocalhost.com', undefined, false],
    ['internal.example.com', undefined, false],
    ['example.com', ['example.com'], true],
    ['EXAMPLE.com', ['example.COM'], true],
    ['sub.example.com', ['example.com'], false],
    ['localhost', [], false],
    ['sub.example.com', [/\.example\.com$/], true],
    ['sub.example.com', [/\.EXAMPLE\.com$/g], false],
    ['example.com', (host: string) => host === 'example.com', true],
    ['example.org', (host: string) => host === 'example.com', false],
    ['localhost', () => 'yes' as unknown as boolean, false],
  ])('%s under %s gets the ID: %s', async (host, propagateTo, allowed) => {
    observe({ propagateTo });
    const target = await new Target().start();

    await insideRequest('named-1', () => call(target.url(host)));
    await insideRequest('named-2', () => call(target.url(host)));

    expect(target.arrived).toEqual(allowed ? [['named-1'], ['named-2']] : [[], []]);
  });
});

test('a propagateTo that throws keeps the ID back, is counted, and the call goes on', async () => {
  const { observability } = observe({
    propagateTo: () => {
      throw new Error('no idea');
    },
  });
  const target = await new Target().start();
  const before = observability.drops()['http.propagateTo']?.['threw'] ?? 0;

  await insideRequest('thrown-1', () => (plainCalls['http.get'] as Call)(target.url()));

  expect(target.arrived).toEqual([[]]);
  expect(observability.drops()['http.propagateTo']).toEqual({ threw: before + 1 });
});

describe('a redirect', () => {
  const redirecting = async (to: string): Promise<Target> => {
    return new Target((_request, response) => response.writeHead(302, { location: to }).end()).start();
  };

  test.each(Object.entries(followers))(
    'to a host that is not allowed leaves the ID behind: %s',
    async (_name, follow) => {
      observe({ propagateTo: ['localhost'] });
      const final = await new Target().start();
      const first = await redirecting(final.url('127.0.0.1'));

      await insideRequest('left-1', () => follow(first.url('localhost')));

      expect([first.arrived, final.arrived]).toEqual([[['left-1']], [[]]]);
    },
  );

  test.each(Object.entries(followers))('to an allowed host carries it, once: %s', async (_name, follow) => {
    observe();
    const final = await new Target().start();
    const first = await redirecting(final.url());

    await insideRequest('along-1', () => follow(first.url()));

    expect([first.arrived, final.arrived]).toEqual([[['along-1']], [['along-1']]]);
  });
});

/** 60 requests that make their calls in the same turn; the IDs that arrived, by the ID that should have. */
async function arrivals(call: Call): Promise<Record<string, readonly string[]>> {
  observe();
  const seen: Record<string, readonly string[]> = {};
  const target = await new Target((incoming, response) => {
    seen[String(incoming.url).slice(1)] = target.arrived.at(-1) ?? [];
    setImmediate(() => response.end());
  }).start();
  let waiting = 0;
  const all = new EventEmitter().setMaxListeners(0);
  const port = await listen(
    http.createServer(async (incoming, response) => {
      const released = once(all, 'here');
      if (++waiting === sharing.length) all.emit('here');
      await released;
      await call(target.url() + String(incoming.headers[HEADER]));
      response.end();
    }),
  );
  await Promise.all(sharing.map((id) => request(port, '/', { headers: { [HEADER]: id } })));
  return seen;
}

const sharing = Array.from({ length: 60 }, (_, i) => `shared-${i}`);
const eachItsOwn = Object.fromEntries(sharing.map((id) => [id, [id]]));

/** A copy of undici beside the one that owns the global dispatcher, as a dependency of a dependency brings it. */
function anotherUndici(): typeof undici {
  const require = createRequire(import.meta.url);
  const loaded = Object.keys(require.cache).filter((path) => path.includes('/node_modules/undici/'));
  const modules = loaded.map((path) => [path, require.cache[path]] as const);
  for (const path of loaded) delete require.cache[path];
  const copy = require('undici') as typeof undici;
  for (const [path, module] of modules) require.cache[path] = module;
  return copy;
}

describe('calls that wait for a connection carry their own IDs', () => {
  test('over an http.Agent of two sockets', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });

    const seen = await arrivals(async (url) => {
      const [response] = await once(http.get(url, { agent }), 'response');
      await once(response.resume(), 'end');
    });

    expect(seen).toEqual(eachItsOwn);
    agent.destroy();
  });

  test('by fetch', async () => {
    expect(await arrivals(async (url) => (await fetch(url)).text())).toEqual(eachItsOwn);
  });

  test('by fetch over a global dispatcher of two connections', async () => {
    const before = undici.getGlobalDispatcher();
    undici.setGlobalDispatcher(new undici.Agent({ connections: 2 }));

    expect(await arrivals(async (url) => (await undici.fetch(url)).text())).toEqual(eachItsOwn);

    await undici.getGlobalDispatcher().close();
    undici.setGlobalDispatcher(before);
  });

  test('over an undici Agent of two connections that retries', async () => {
    const dispatcher = new undici.Agent({ connections: 2 }).compose(undici.interceptors.retry());

    expect(await arrivals(async (url) => (await undici.request(url, { dispatcher })).body.text())).toEqual(eachItsOwn);

    await dispatcher.close();
  });

  test('over a pool of another copy of undici, from its first request on', async () => {
    const dispatcher = new (anotherUndici().Agent)({ connections: 2 });

    expect(await arrivals(async (url) => (await undici.request(url, { dispatcher })).body.text())).toEqual(eachItsOwn);

    await dispatcher.close();
  });

  test("by another copy's fetch, once that copy has had a connection", async () => {
    const copy = anotherUndici();
    const dispatcher = new copy.Agent({ connections: 2 });
    observe();
    const target = await new Target().start();
    await insideRequest('first-1', async () => (await copy.fetch(target.url(), { dispatcher })).text());
    await stopAll();

    expect(await arrivals(async (url) => (await copy.fetch(url, { dispatcher })).text())).toEqual(eachItsOwn);
    expect(target.arrived).toEqual([['first-1']]);

    await dispatcher.close();
  });

  test.each([
    ['redirect', { status: 302, answers: ['one-1', 'one-1', 'two-2', 'two-2'] }],
    ['retry', { status: 503, answers: ['one-1', 'one-1', 'two-2', 'two-2'] }],
  ] as const)('when they %s over a connection that another request opened', async (name, { status, answers }) => {
    observe();
    const target = await new Target((_request, response) => {
      if (target.arrived.length % 2 === 0) response.end();
      else response.writeHead(status, { location: '/again', 'retry-after': '0' }).end();
    }).start();
    const options = { maxRedirections: 3, minTimeout: 1, maxTimeout: 5 };
    const dispatcher = new undici.Agent({ connections: 1 }).compose(undici.interceptors[name](options));
    const call = async (): Promise<unknown> => (await undici.request(target.url(), { dispatcher })).body.text();

    await insideRequest('one-1', call);
    await insideRequest('two-2', call);

    expect(target.arrived.flat()).toEqual(answers);
    await dispatcher.close();
  });
});

test('the ID goes out under the first of the configured names', async () => {
  observe({ correlationHeaders: ['X-Trace-Key', 'x-correlation-id'] });
  const arrived: http.IncomingHttpHeaders[] = [];
  const target = await new Target(({ headers }, response) => {
    arrived.push(headers);
    response.end();
  }).start();

  await insideRequest('renamed-1', () => (plainCalls['http.get'] as Call)(target.url()));
  await insideRequest('renamed-1', () => (plainCalls['fetch'] as Call)(target.url()));

  expect(arrived.map((headers) => headers['x-trace-key'])).toEqual(['renamed-1', 'renamed-1']);
  expect(target.arrived).toEqual([[], []]);
});

test('an ignored request sends its ID on all the same', async () => {
  observe({ ignore: ['/'] });
  const target = await new Target().start();

  await insideRequest('ignored-1', () => (plainCalls['fetch'] as Call)(target.url()));

  expect(target.arrived).toEqual([['ignored-1']]);
});
