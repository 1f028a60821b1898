import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { RequestAnswer } from '../../../src/admin/api/request.js';
import { shutdown } from '../../../src/observe.js';
import type { Handler } from '../../adapters/flavours.js';
import { listen, request } from '../../http/harness.js';
import { asking, elsewhere, expressApp, flagsOf, openShop, stopAsking } from './asking.js';

afterEach(stopAsking);

async function shop() {
  const here = await asking({ traces: {}, flags: { source: flagsOf('new_checkout') } });
  const port = await openShop(here.observed.observability);
  const get = async (path: string, times = 1) => {
    for (let i = 0; i < times; i++) await request(port, path, { agent: elsewhere });
  };
  const json = async <T>(path: string): Promise<T> => JSON.parse((await here.ask(path)).body);
  return { ...here, get, json };
}

describe('the snapshot', () => {
  test('has four lights with colour, number, rule and action, and says whose they are', async () => {
    const { get, json, observed } = await shop();
    await get('/carts/a', 18);
    await get('/orders/1', 2);
    await observed.recorded(20);
    const snapshot = await json<Record<string, unknown>>('/api/snapshot');
    expect(snapshot).toMatchObject({ service: 'test', version: '1', environment: 'test', pid: process.pid });
    expect(snapshot['lights']).toMatchObject([
      {
        name: 'latency',
        colour: 'green',
        unit: 'seconds',
        value: expect.any(Number),
        rule: expect.any(String),
        action: expect.any(String),
      },
      { name: 'traffic', colour: 'green', unit: 'per second' },
      { name: 'errors', colour: 'red', unit: 'ratio', value: 0.1, of: '2 of 20 requests failed' },
      { name: 'saturation', unit: 'ratio' },
    ]);
    expect(snapshot['routes']).toMatchObject([
      { method: 'GET', route: '/carts/:user', count: 18, p95: null },
      { method: 'GET', route: '/orders/:id', count: 2, errors: 2, errorRatio: 1 },
    ]);
  });

  test('is not sent again within its second: 204 for who has it', async () => {
    const { ask, json } = await shop();
    const { at } = await json<{ at: number }>('/api/snapshot');
    const again = await ask(`/api/snapshot?since=${at}`);
    expect([again.status, again.body]).toEqual([204, '']);
    expect((await ask('/api/snapshot?since=x')).status).toBe(400);
  });
});

describe('requests', () => {
  test('the failed one comes first, with its spans, its attributes and its log lines', async () => {
    const { get, json, observed } = await shop();
    await get('/carts/a');
    await get('/orders/1');
    await observed.recorded(2);
    const { requests, at } = await json<{ at: number; requests: { id: string; correlationId: string }[] }>(
      '/api/requests',
    );
    expect(requests).toMatchObject([
      { name: 'GET /orders/:id', because: 'error', status: 503, failed: true, spans: 2, lines: 2 },
      { name: 'GET /carts/:user', because: 'sampled', status: 200 },
    ]);
    const one = await json<RequestAnswer>(`/api/request?id=${requests[0]?.id}`);
    const [server, work] = one.spans;
    expect([server, work].map((span) => [span?.name, span?.kind, span?.failed])).toEqual([
      ['GET /orders/:id', 'server', true],
      ['charge the card', 'internal', false],
    ]);
    expect(work?.parent).toBe(server?.id);
    expect(server?.attributes).toContainEqual(['http.route', '/orders/:id']);
    expect(one.lines.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'charge_failed', card: 'declined', correlation_id: requests[0]?.correlationId },
      { event: 'http_request', status: 503 },
    ]);
    await get('/orders/2');
    await observed.recorded(3);
    expect((await json<{ requests: unknown[] }>(`/api/requests?since=${at}`)).requests).toHaveLength(1);
  });

  test.each([
    ['route=orders', 1],
    ['status=5xx', 1],
    ['status=200', 1],
    ['status=404', 0],
    ['id=order-77', 1],
    ['route=orders&status=200', 0],
  ])('%s leaves %i', async (query, left) => {
    const { json, observed, get } = await shop();
    await get('/orders/1');
    const app = http.createServer((_incoming, response) => response.end());
    await request(await listen(app), '/', { agent: elsewhere, headers: { 'x-correlation-id': 'order-77' } });
    await observed.recorded(2);
    expect((await json<{ requests: unknown[] }>(`/api/requests?${query}`)).requests).toHaveLength(left);
  });

  test('one that is not kept is a 404 with a reason', async () => {
    const { ask } = await shop();
    const { status, body } = await ask('/api/request?id=__proto__');
    expect([status, JSON.parse(body)]).toEqual([404, { error: 'this trace is no longer kept, or never was' }]);
  });
});

describe('flags', () => {
  test('kill, lift and override pass to the very next request; variants are side by side', async () => {
    const { get, json, change, observed } = await shop();
    const { flags } = observed.observability;
    await get('/carts/a', 3);
    await observed.recorded(3);
    const row = async () => (await json<{ flags: Record<string, unknown>[] }>('/api/flags')).flags[0];
    expect(await row()).toMatchObject({
      key: 'new_checkout',
      layer: null,
      variants: [
        { variant: 'on', exposures: 3 },
        { variant: 'off', exposures: 0 },
      ],
    });
    await change('flags', { action: 'kill', key: 'new_checkout' });
    expect(flags.boolean('new_checkout', true)).toBe(false);
    expect(await row()).toMatchObject({ layer: 'kill', forced: 'false' });
    await change('flags', { action: 'lift', key: 'new_checkout', layer: 'kill' });
    expect(flags.boolean('new_checkout', false)).toBe(true);
    await change('flags', { action: 'override', key: 'new_checkout', variant: 'off', minutes: 5 });
    expect(flags.boolean('new_checkout', true)).toBe(false);
    expect((await change('flags', { action: 'override', key: 'new_checkout', variant: 'constructor' })).status).toBe(
      400,
    );
    expect(
      (await change('flags', { action: 'override', key: 'new_checkout', variant: 'on', minutes: -1 })).status,
    ).toBe(400);
    expect((await change('flags', { action: 'lift', key: 'new_checkout', layer: 'document' })).status).toBe(400);
  });

  test('a change is a marker on the charts; the start of the process is one as well', async () => {
    const { json, change } = await shop();
    await change('flags', { action: 'kill', key: 'new_checkout' });
    const { markers, at } = await json<{ at: number; markers: { kind: string; text: string }[] }>('/api/history');
    expect(markers).toMatchObject([
      { kind: 'deploy', text: 'test 1 started' },
      { kind: 'flag', text: 'flag new_checkout: by its rule → killed' },
    ]);
    await change('flags', { action: 'lift', key: 'new_checkout', layer: 'kill' });
    expect((await json<{ markers: unknown[] }>(`/api/history?since=${at}`)).markers).toMatchObject([
      { text: 'flag new_checkout: killed → by its rule' },
    ]);
  });
});

test('every resource answers; those without a source say why there is nothing', async () => {
  const { ask } = await asking();
  for (const name of [
    'snapshot',
    'history',
    'routes',
    'dependencies',
    'saturation',
    'flags',
    'configuration',
    'health',
    'rollouts',
    'alerts',
  ]) {
    const { status, body, headers } = await ask(`/api/${name}`);
    expect([name, status, headers['cache-control'], headers['content-type']]).toEqual([
      name,
      200,
      'no-store',
      'application/json; charset=utf-8',
    ]);
    expect(JSON.parse(body)).toHaveProperty('at');
  }
  for (const name of ['requests', 'request']) {
    const { status, body } = await ask(`/api/${name}`);
    expect([name, status, JSON.parse(body)]).toEqual([name, 200, { at: 0, absent: expect.any(String) }]);
  }
});

test('the configuration shows what is named, and of a secret only that it is set', async () => {
  const secret = 'hunter2-hunter2-hunter2';
  const { ask } = await asking({
    admin: { token: secret },
    flags: { source: [flagsOf('a')] },
    log: { redact: ['iban'] },
    http: { trust: () => 'link' },
  });
  const { body } = await ask('/api/configuration', { headers: { authorization: `Bearer ${secret}` } });
  expect(body).not.toContain('hunter2');
  expect(JSON.parse(body).configuration).toMatchObject({
    'admin.token': 'set',
    'http.trust': 'a function',
    'log.redact': ['iban'],
  });
});

describe('the log tail', () => {
  const events = (port: number, query: string) => {
    const seen = { text: '', ended: false };
    const outgoing = http.get({ host: '127.0.0.1', port, path: `/api/log?${query}`, agent: elsewhere }, (response) => {
      response.on('data', (chunk) => {
        seen.text += chunk;
      });
      response.on('close', () => {
        seen.ended = true;
      });
    });
    outgoing.on('error', () => {});
    return { seen, outgoing };
  };
  const until = async (holds: () => boolean) => {
    for (let i = 0; i < 500 && !holds(); i++) await pause(10);
    expect(holds()).toBe(true);
  };

  test('has the last lines and then each as it is written, if it passes the filter, and ends with the service', async () => {
    const { port, observed } = await asking();
    const { log } = observed.observability;
    log.warn({ n: 1 }, 'before');
    log.info({ n: 2 }, 'too low');
    const { seen } = events(port, 'level=warn&text=CHECKOUT-');
    const all = events(port, 'level=warn').seen;
    await until(() => all.text.includes('"n":1'));
    log.warn({ order: 'checkout-7' }, 'meant');
    log.warn({ order: 'basket-7' }, 'not meant');
    await until(() => all.text.includes('basket-7') && seen.text.includes('checkout-7'));
    expect(seen.text).not.toMatch(/basket|"n":1/);
    expect(all.text).not.toContain('too low');
    await shutdown();
    await until(() => seen.ended && all.ended);
    expect(all.text).toContain('event: end');
  });

  test('has room for twenty readers; a reader that leaves makes room', async () => {
    const { port, ask, observed } = await asking();
    const readers = Array.from({ length: 20 }, () => events(port, ''));
    await until(() => readers.every(({ seen }) => seen.text !== ''));
    expect((await ask('/api/log')).status).toBe(503);
    expect((await ask('/api/log?level=loud')).status).toBe(503);
    readers[0]?.outgoing.destroy();
    const health = async () => JSON.parse((await ask('/api/health')).body).tail.readers;
    for (let i = 0; i < 500 && (await health()) > 19; i++) await pause(10);
    expect((await ask('/api/log?level=loud')).status).toBe(400);
    observed.observability.log.info('still written');
  });
});

describe('the page', () => {
  test('is three files of at most 30 KB together, compressed when it was built, and not sent twice', async () => {
    const { ask } = await asking();
    let bytes = 0;
    for (const [path, type] of [
      ['/', 'text/html'],
      ['/page.js', 'text/javascript'],
      ['/page.css', 'text/css'],
    ] as const) {
      const { headers, status, body } = await ask(path, { headers: { 'accept-encoding': 'gzip' } });
      expect([status, headers['content-encoding'], headers['content-type']]).toEqual([
        200,
        'gzip',
        `${type}; charset=utf-8`,
      ]);
      bytes += Number(headers['content-length']);
      expect(body.length).toBeGreaterThan(0);
      const again = await ask(path, { headers: { 'if-none-match': String(headers.etag) } });
      expect([again.status, again.body]).toEqual([304, '']);
      const plain = await ask(path);
      expect([plain.headers['content-encoding'], plain.headers['content-length']]).toEqual([
        undefined,
        String(Buffer.byteLength(plain.body)),
      ]);
    }
    console.log(`page: ${bytes} bytes compressed`);
    expect(bytes).toBeLessThanOrEqual(30 * 1024);
  });

  test('brings its own policy, whatever the application has set before', async () => {
    const { observed } = await asking();
    const app = await expressApp();
    const theirs: Handler = (_incoming, response, next) => {
      response.setHeader('content-security-policy', "default-src * 'unsafe-inline'");
      response.setHeader('content-security-policy-report-only', 'default-src *');
      next();
    };
    app.use(theirs);
    app.use('/ops/lights', observed.observability.admin.handler);
    const port = await listen(http.createServer(app));
    const { headers, body } = await request(port, '/ops/lights/');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'",
    );
    expect(headers['content-security-policy-report-only']).toBeUndefined();
    expect(body).toContain('src="page.js"');
    expect(body).not.toMatch(/<script(?! type="module" src="page.js"><\/script>)/);
    const without = await request(port, '/ops/lights');
    expect([without.status, without.headers.location]).toEqual([302, './lights/']);
  });
});
