import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { ObserveOptions } from '../../src/config/options.js';
import { signals } from '../../src/instance.js';
import { counter } from '../../src/signals/business.js';
import { connect, listen, observing, request, stopAll } from './harness.js';

afterEach(stopAll);

const TOKEN = 'a-token-of-24-characters';

async function admin(options: ObserveOptions['admin'] = {}, more: ObserveOptions = {}) {
  const { observability } = observing({ ...more, admin: { port: 0, ...options } });
  const port = (await observability.admin.port) as number;
  const status = async (path: string, headers: Record<string, string> = {}): Promise<number> =>
    (await request(port, path, { headers })).status;
  return { observability, port, status };
}

describe('without a token, the admin port', () => {
  test('answers this machine', async () => {
    const { port, status } = await admin();
    expect(await status('/livez')).toBe(200);
    expect(await status('/readyz')).toBe(200);
    const { headers, body } = await request(port, '/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(body).toContain('http_server_active_requests 0');
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });

  test.each([
    ['through a proxy', { 'x-forwarded-for': '203.0.113.9' }],
    ['by a name that somebody made resolve here', { host: 'rebound.example' }],
  ])('is not there for who comes %s, but for its probes', async (_how, headers) => {
    const { status } = await admin();
    expect(await status('/metrics', headers)).toBe(404);
    expect(await status('/', headers)).toBe(404);
    expect(await status('/livez', headers)).toBe(200);
    expect(await status('/readyz', headers)).toBe(200);
  });

  test('has no other path', async () => {
    const { status } = await admin();
    for (const path of ['/nope', '/__proto__', '/constructor', '//metrics', '/metrics/', '/%2e%2e/metrics']) {
      expect(await status(path), path).toBe(404);
    }
  });
});

describe('with a token', () => {
  test('who brings it sees, and nobody else', async () => {
    const { status } = await admin({ token: TOKEN });
    expect(await status('/metrics', { authorization: `Bearer ${TOKEN}` })).toBe(200);
    expect(await status('/metrics')).toBe(401);
    expect(await status('/metrics', { authorization: `Bearer ${TOKEN}x` })).toBe(401);
    expect(await status('/metrics', { authorization: `Basic ${TOKEN}` })).toBe(401);
    expect(await status('/livez')).toBe(200);
  });
});

test('a function of the application decides instead, and one that throws lets nobody in', async () => {
  const first = await admin({ authorize: ({ headers }) => headers['x-user'] === 'ops' });
  expect(await first.status('/metrics', { 'x-user': 'ops' })).toBe(200);
  expect(await first.status('/metrics')).toBe(404);
  await stopAll();
  const second = await admin({
    authorize: () => {
      throw new Error('no');
    },
  });
  expect(await second.status('/metrics')).toBe(404);
});

test('what it answers is nobody’s traffic', async () => {
  const { status } = await admin();
  for (let i = 0; i < 5; i++) await status('/metrics');
  expect(signals.snapshot().traffic.total).toBe(0);
});

test('malformed requests end nothing', async () => {
  const { port, status } = await admin();
  for (const line of [
    'GET http://[ HTTP/1.1',
    'GET // HTTP/1.1',
    'GET % HTTP/1.1',
    'GET /metrics?%00 HTTP/1.1',
    'NONSENSE',
  ]) {
    const socket = await connect(port);
    socket.end(`${line}\r\nHost: a\r\n\r\n`);
    await new Promise((resolve) => socket.on('close', resolve).resume());
  }
  expect(await status('/livez')).toBe(200);
});

test('a port that is taken is told, and the service goes on', async () => {
  const taken = await listen(http.createServer());
  const { observability } = observing({ admin: { port: taken } });
  expect(await observability.admin.port).toBeUndefined();
});

test('the handler can be mounted in a server of the application', async () => {
  const { observability } = observing();
  const server = http.createServer(observability.admin.handler);
  await listen(server);
  const { port } = server.address() as AddressInfo;
  counter('tests.run', { unit: '{test}', action: 'falls: run them.' }).add(3);
  const { body, headers } = await request(port, '/metrics', { headers: { accept: 'application/openmetrics-text' } });
  expect(headers['content-type']).toMatch(/^application\/openmetrics-text/);
  expect(body).toContain('tests_run_total 3');
  expect(body.trimEnd().endsWith('# EOF')).toBe(true);
});

test('a slow request leaves its trace in its bucket, if that trace is kept', async () => {
  const { observability, recorded } = observing({ traces: {} });
  const port = await listen(http.createServer((_request, response) => setTimeout(() => response.end(), 30)));
  await request(port);
  const [line] = await recorded(1);
  const adminPort = await listen(http.createServer(observability.admin.handler));
  const { body } = await request(adminPort, '/metrics', { headers: { accept: 'application/openmetrics-text' } });
  expect(body).toContain(`# {trace_id="${line?.['trace_id']}"}`);
});
