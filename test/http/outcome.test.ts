import http from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { connect, type Line, listen, observing, pause, request, stopAll } from './harness.js';

afterEach(stopAll);

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => unknown;

/** How a client behaves, given the port. */
type Client = (port: number) => Promise<unknown>;

const get = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

/** Sends a request, waits, and closes (FIN) or resets (RST) the connection. */
function leaving(how: 'end' | 'reset', text = get, afterMs = 40): Client {
  return async (port) => {
    const socket = await connect(port);
    socket.resume();
    socket.write(text);
    await pause(afterMs);
    if (how === 'end') socket.destroy();
    else socket.resetAndDestroy();
  };
}

const normal: Client = (port) => request(port);
const method =
  (name: string): Client =>
  (port) =>
    request(port, '/', { method: name });
const cut: Client = (port) => request(port).catch(() => undefined);

const never: Handler = () => {};
const endless: Handler = (_request, response) => {
  response.write('begun');
};

interface Case {
  readonly name: string;
  readonly handler: Handler;
  readonly client: Client;
  readonly expected: Line;
  readonly setUp?: (server: http.Server) => void;
}

const ok = { outcome: 'ok', status: 200 };
const beforeHeaders = { outcome: 'aborted', abort_phase: 'before_headers' };
const midResponse = { outcome: 'aborted', abort_phase: 'mid_response', status: 200 };

const cases: Case[] = [
  { name: 'a normal answer', handler: (_q, s) => s.end('hi'), client: normal, expected: ok },
  { name: 'HEAD', handler: (_q, s) => s.end('hi'), client: method('HEAD'), expected: { ...ok, method: 'HEAD' } },
  { name: '204', handler: (_q, s) => s.writeHead(204).end(), client: normal, expected: { outcome: 'ok', status: 204 } },
  { name: '304', handler: (_q, s) => s.writeHead(304).end(), client: normal, expected: { outcome: 'ok', status: 304 } },
  {
    name: '404 is no error',
    handler: (_q, s) => s.writeHead(404).end(),
    client: normal,
    expected: { outcome: 'ok', status: 404 },
  },
  {
    name: '429 is no error',
    handler: (_q, s) => s.writeHead(429).end(),
    client: normal,
    expected: { outcome: 'ok', status: 429 },
  },
  {
    name: '503 is an error',
    handler: (_q, s) => s.writeHead(503).end(),
    client: normal,
    expected: { outcome: 'error', status: 503, error_type: '503' },
  },
  {
    name: 'an unknown method',
    handler: (_q, s) => s.end(),
    client: method('PURGE'),
    expected: { ...ok, method: '_OTHER' },
  },
  {
    name: 'a streamed answer',
    handler: (_q, s) => {
      s.write('a');
      setTimeout(() => s.end('b'), 30);
    },
    client: normal,
    expected: ok,
  },
  {
    name: 'end called twice',
    handler: (_q, s) => {
      s.end('a');
      s.end();
    },
    client: normal,
    expected: ok,
  },
  { name: 'a client that closes before the head', handler: never, client: leaving('end'), expected: beforeHeaders },
  { name: 'a client that resets before the head', handler: never, client: leaving('reset'), expected: beforeHeaders },
  { name: 'a client that closes mid-response', handler: endless, client: leaving('end'), expected: midResponse },
  { name: 'a client that resets mid-response', handler: endless, client: leaving('reset'), expected: midResponse },
  {
    name: 'a client that closes during its upload',
    handler: (q, s) => {
      q.resume();
      q.on('end', () => s.end());
    },
    client: leaving('end', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf'),
    expected: beforeHeaders,
  },
  {
    name: 'a client that goes while 20 MB wait for it',
    handler: (_q, s) => s.end(Buffer.alloc(20_000_000)),
    client: async (port) => {
      const socket = await connect(port);
      socket.pause();
      socket.write(get);
      await pause(100);
      socket.resetAndDestroy();
    },
    expected: midResponse,
  },
  {
    name: 'a client that goes, where the application destroys the response upon it',
    handler: (q, s) => q.on('close', () => s.destroy()),
    client: leaving('reset'),
    expected: beforeHeaders,
  },
  {
    name: 'a response destroyed by the application',
    handler: (_q, s) => s.destroy(),
    client: cut,
    expected: { outcome: 'error', error_type: 'destroyed' },
  },
  {
    name: 'a response destroyed mid-way with an error',
    handler: (_q, s) => {
      s.write('begun');
      setTimeout(() => s.destroy(new RangeError('broken source')), 20);
    },
    client: cut,
    expected: { outcome: 'error', status: 200, error_type: 'destroyed' },
  },
  {
    name: 'a connection destroyed by the application',
    handler: (q) => q.socket.destroy(),
    client: cut,
    expected: { outcome: 'error', error_type: 'destroyed' },
  },
  {
    name: 'a server timeout before the head',
    handler: never,
    client: cut,
    setUp: (server) => server.setTimeout(50),
    expected: { outcome: 'error', error_type: 'timeout' },
  },
  {
    name: 'a server timeout mid-response',
    handler: endless,
    client: cut,
    setUp: (server) => server.setTimeout(50),
    expected: { outcome: 'error', status: 200, error_type: 'timeout' },
  },
  {
    name: 'a timeout that the application answers itself',
    handler: (_q, s) => s.setTimeout(30, () => s.writeHead(503).end()),
    client: normal,
    expected: { outcome: 'error', status: 503, error_type: '503' },
  },
  {
    name: 'a client too slow with its body for requestTimeout',
    handler: (q, s) => q.resume().on('end', () => s.end()),
    client: async (port) => {
      const socket = await connect(port);
      socket.resume();
      socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
      await new Promise((resolve) => socket.on('close', resolve));
    },
    setUp: (server) => {
      server.headersTimeout = 50;
      server.requestTimeout = 60;
    },
    expected: beforeHeaders,
  },
  {
    name: 'Expect: 100-continue with a listener of its own',
    handler: (_q, s) => s.end(),
    client: (port) =>
      request(port, '/', { method: 'POST', headers: { expect: '100-continue', 'content-length': 2 } }, 'hi'),
    setUp: (server) =>
      server.on('checkContinue', (q, s) => {
        s.writeContinue();
        server.emit('request', q, s);
      }),
    expected: ok,
  },
];

function serverOf({ handler, setUp }: Case): http.Server {
  const server = http.createServer({ connectionsCheckingInterval: 20 }, (q, s) => void handler(q, s));
  setUp?.(server);
  return server;
}

describe('exactly one record', () => {
  test.each(cases)('of $name', async (given) => {
    const { recorded, observability } = observing();
    const port = await listen(serverOf(given));
    await given.client(port);
    const records = await recorded(1);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject(given.expected);
    expect(observability.signals.snapshot().traffic).toMatchObject({ inFlight: 0, total: 1 });
  });

  test('per request over one kept-alive connection', async () => {
    const { recorded, observability } = observing();
    const port = await listen(http.createServer((_q, s) => s.end('hi')));
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = 0; i < 5; i++) await request(port, `/${i}`, { agent });
    const records = await recorded(5);
    agent.destroy();
    expect(records.map((record) => record['path'])).toEqual(['/0', '/1', '/2', '/3', '/4']);
    expect(new Set(records.map((record) => record['correlation_id'])).size).toBe(5);
    expect(observability.signals.snapshot().traffic.inFlight).toBe(0);
  });

  test('per pipelined request, each with its own bytes', async () => {
    const { recorded } = observing();
    const port = await listen(
      http.createServer((q, s) => {
        setTimeout(() => s.end('x'.repeat(Number(q.url?.slice(1)))), q.url === '/1000' ? 30 : 1);
      }),
    );
    const socket = await connect(port);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.write(['/1000', '/10', '/500'].map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join(''));
    const records = await recorded(3);
    socket.destroy();
    const sent = text.split(/(?=HTTP\/1\.1)/).map((part) => part.length);
    expect(records.map((record) => record['bytes'])).toEqual(sent);
  });

  test('of each pipelined request whose client went before any answer', async () => {
    const { recorded, observability } = observing();
    const port = await listen(http.createServer(never));
    await leaving('reset', get.repeat(3))(port);
    const records = await recorded(3);
    expect(records.map((record) => record['outcome'])).toEqual(['aborted', 'aborted', 'aborted']);
    expect(observability.signals.snapshot().traffic.inFlight).toBe(0);
  });

  test('none of an upgrade, whose handler has a context all the same', async () => {
    const { records, observability } = observing();
    const { correlationId } = await import('../../src/context/carrier.js');
    let seen: string | undefined;
    const server = http.createServer(never);
    server.on('upgrade', (_request, socket) => {
      seen = correlationId();
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
    });
    const port = await listen(server);
    const socket = await connect(port);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x\r\nx-correlation-id: mine\r\n\r\n');
    await new Promise((resolve) => socket.on('close', resolve).resume());
    expect(seen).toBe('mine');
    expect(records()).toEqual([]);
    expect(observability.signals.snapshot().traffic).toMatchObject({ inFlight: 0, total: 0 });
  });
});

test('a streamed answer is timed to its last byte, and its first byte is known', async () => {
  const { recorded, observability } = observing();
  const port = await listen(
    http.createServer((_q, s) => {
      s.write('first');
      setTimeout(() => s.end('last'), 120);
    }),
  );
  await request(port);
  const [record] = await recorded(1);
  expect(record?.['duration_ms']).toBeGreaterThan(100);
  expect(record?.['first_byte_ms']).toBeLessThan(100);
  const { firstByte, latency } = observability.signals.snapshot();
  expect(firstByte.count).toBe(1);
  expect(firstByte.max).toBeLessThan(latency.max ?? 0);
});

test('aborted requests are no errors, no successes, and have no latency', async () => {
  const { recorded, observability } = observing();
  const port = await listen(http.createServer((q, s) => (q.url === '/ok' ? s.end() : endless(q, s))));
  await request(port, '/ok');
  await leaving('end')(port);
  await recorded(2);
  const { errors, latency, traffic } = observability.signals.snapshot();
  expect(errors).toEqual({ ratio: 0, count: 0, byType: {}, aborted: { beforeHeaders: 0, midResponse: 1 } });
  expect(latency.count).toBe(1);
  expect(traffic.total).toBe(2);
});
