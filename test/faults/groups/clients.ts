import { expect } from 'vitest';
import { certificate } from '../../support/certificate.js';
import { until } from '../../support/until.js';
import type { Fault, Group } from '../fault.js';
import type { Host } from '../service/host.js';
import { connected, exchanged, head, pause } from '../sinks/raw.js';

const ONE = 'exactly one record each, and none is left in flight';

/** Exactly so many records, and room for one too many to show itself. */
async function recorded(host: Host, count: number): Promise<void> {
  await until(() => host.records().length >= count, 60_000);
  await host.quiet();
  await pause(50);
  expect(host.records()).toHaveLength(count);
}

type Client = (port: number) => Promise<unknown>;

const leaving =
  (bytes: string, how: 'destroy' | 'resetAndDestroy' | 'end', afterMs = 30): Client =>
  async (port) => {
    const socket = await connected(port);
    socket.resume();
    socket.write(bytes);
    await pause(afterMs);
    socket[how]();
  };

/** A life of a request, and how many records it leaves. */
const lives: Readonly<Record<string, readonly [client: Client, records: number]>> = {
  answered: [(port) => exchanged(port, head('GET /ok HTTP/1.1')), 1],
  HEAD: [(port) => exchanged(port, head('HEAD /ok HTTP/1.1')), 1],
  'not found': [(port) => exchanged(port, head('GET /nowhere HTTP/1.1')), 1],
  'the handler throws': [(port) => exchanged(port, head('GET /throw HTTP/1.1')), 1],
  'gone before it has said anything': [leaving('', 'destroy'), 0],
  'gone within its first line': [leaving('GET /o', 'destroy'), 0],
  'gone within its headers': [leaving('GET /ok HTTP/1.1\r\nHost:', 'resetAndDestroy'), 0],
  'gone within its body': [leaving(head('POST /echo HTTP/1.1', 'Content-Length: 100').concat('half'), 'destroy'), 1],
  'gone while it waits': [leaving(head('GET /never HTTP/1.1'), 'destroy'), 1],
  'reset while it waits': [leaving(head('GET /never HTTP/1.1'), 'resetAndDestroy'), 1],
  'half closed while it waits': [leaving(head('GET /wait/60 HTTP/1.1'), 'end'), 1],
  'gone within the answer': [leaving(head('GET /begun HTTP/1.1'), 'destroy', 80), 1],
  'reset within the answer': [leaving(head('GET /begun HTTP/1.1'), 'resetAndDestroy', 80), 1],
  'three at once, then gone': [leaving(head('GET /never HTTP/1.1').repeat(3), 'resetAndDestroy'), 3],
  'three at once': [(port) => exchanged(port, head('GET /ok HTTP/1.1').repeat(3), 3), 3],
  'a body in chunks': [
    (port) => exchanged(port, head('POST /echo HTTP/1.1', 'Transfer-Encoding: chunked').concat('2\r\nhi\r\n0\r\n\r\n')),
    1,
  ],
  'Expect: 100-continue': [
    (port) => exchanged(port, head('POST /echo HTTP/1.1', 'Expect: 100-continue', 'Content-Length: 2').concat('hi'), 2),
    1,
  ],
  'an upgrade that nobody takes': [
    (port) => exchanged(port, head('GET /ok HTTP/1.1', 'Connection: Upgrade', 'Upgrade: websocket')),
    1,
  ],
  'a method nobody knows': [(port) => exchanged(port, head('PURGE /ok HTTP/1.1')), 1],
  'no HTTP at all': [(port) => exchanged(port, '\u0016\u0003\u0001 hello'), 0],
};

const abort: Fault = {
  name: `${Object.keys(lives).length} ways through a request, aborts at every phase among them`,
  promise: ONE,
  goals: [1, 14],
  async run(scene) {
    const host = await scene.host({ options: () => ({ traces: {} }) });
    let expected = 0;
    for (const [name, [client, records]] of Object.entries(lives)) {
      await client(host.port);
      expected += records;
      await until(() => host.records().length >= expected, 20_000);
      await host.quiet();
      expect({ name, records: host.records().length }).toEqual({ name, records: expected });
    }
    return {
      text: `${Object.keys(lives).length} life cycles, ${expected} records`,
      measured: { lifeCycles: Object.keys(lives).length, recordsOff: 0, inFlight: 0 },
    };
  },
};

const slow: Fault = {
  name: 'slowloris: connections that send a byte of their headers now and then',
  promise: 'others are served; nothing is opened for a request that has not come',
  goals: [1, 14],
  async run(scene) {
    const count = scene.long ? 2000 : 200;
    const host = await scene.host();
    const sockets = await Promise.all(Array.from({ length: count }, () => connected(host.port)));
    const drip = setInterval(() => {
      for (const socket of sockets) socket.write('a');
    }, 50);
    await host.requests(200);
    clearInterval(drip);
    for (const socket of sockets) socket.destroy();
    await recorded(host, 200);
    return { text: `${count} such connections; 200 of 200 others served`, measured: { recordsOff: 0, inFlight: 0 } };
  },
};

const isolation: Fault = {
  name: 'pipelined and kept-alive requests of many clients, interleaved',
  promise: 'each answer and each of its log lines bears the ID of its own request',
  goals: [1, 10, 14],
  async run(scene) {
    const [total, clients, batch] = [scene.long ? 1_000_000 : 4000, 10, 100];
    const host = await scene.host({ options: () => ({ log: { accessLog: false } }) });
    let [wrong, next] = [0, 0];
    const client = async (name: number): Promise<void> => {
      while (next < total) {
        next += batch;
        const ids = Array.from({ length: batch }, (_, i) => `c${name}-${next}-${i}`);
        const text = await exchanged(
          host.port,
          ids.map((id) => head('GET /log HTTP/1.1', `x-correlation-id: ${id}`)).join(''),
          batch,
          120_000,
        );
        const answers = text.split('HTTP/1.1 ').slice(1);
        ids.forEach((id, i) => {
          const answer = answers[i] ?? '';
          if (!answer.includes(`x-correlation-id: ${id}\r\n`) || !answer.includes(`\r\n\r\n${id}`)) wrong++;
        });
        for (const [, of, said] of host.stdout.matchAll(/"correlation_id":"([^"]*)".*"id":"([^"]*)"/g))
          if (of !== said) wrong++;
        host.stdout = host.stdout.slice(host.stdout.lastIndexOf('\n') + 1);
      }
    };
    await Promise.all(Array.from({ length: clients }, (_, name) => client(name)));
    expect(wrong).toBe(0);
    return { text: `${next} requests, ${wrong} wrong IDs`, measured: { wrongIds: wrong, interleaved: next } };
  },
};

const headers: Fault = {
  name: 'headers of 64 KB, 500 headers, bytes that are no UTF-8, request lines that are no URL',
  promise: 'answered as Node answers; what is no ID is replaced and not kept; lines stay JSON and short',
  goals: [1, 8],
  async run(scene) {
    const host = await scene.host({ node: ['--max-http-header-size=262144'], options: () => ({ traces: {} }) });
    const many = Array.from({ length: 500 }, (_, i) => `x-${i}: y`);
    const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
    const requests = [
      bytes(head('GET /ok HTTP/1.1', `x-correlation-id: ${'a'.repeat(65_536)}`)),
      bytes(
        head(
          'GET /ok HTTP/1.1',
          `traceparent: ${'0'.repeat(65_536)}`,
          `tracestate: ${'a=b,'.repeat(16_000)}`,
          `baggage: ${'a=b,'.repeat(16_000)}`,
        ),
      ),
      bytes(head('GET /ok HTTP/1.1', ...many)),
      bytes(head('GET /ok HTTP/1.1', 'x-correlation-id: \u00ff\u00fe{"a":1}', 'user-agent: \u00c3\u0028')),
      bytes(head('GET /\u00ff\u00fe%ff%zz HTTP/1.1')),
      bytes(head('GET http://[ HTTP/1.1')),
      bytes(head('GET // HTTP/1.1')),
      bytes(head('GET % HTTP/1.1')),
      bytes(head('OPTIONS * HTTP/1.1')),
      bytes(head('GET /ok HTTP/1.1', 'x-request-id: one', 'x-request-id: two')),
      bytes(head(`GET /${'a'.repeat(60_000)} HTTP/1.1`)),
    ];
    let longest = 0;
    for (const request of requests) {
      const answer = await exchanged(host.port, request);
      expect(answer).toMatch(/^HTTP\/1\.1 \d{3} /);
      longest = Math.max(longest, /x-correlation-id: (.*)\r/i.exec(answer)?.[1]?.length ?? 0);
    }
    await host.quiet();
    for (const line of host.stdout.split('\n').filter(Boolean)) JSON.parse(line);
    const idBytes = Math.max(
      ...host
        .records()
        .slice(0, 4)
        .map((record) => String(record['correlation_id']).length * 2),
    );
    expect(longest).toBeLessThanOrEqual(128);
    const lengths = host.stdout.split('\n').map(({ length }) => length);
    return {
      text: `${requests.length} requests, ${host.records().length} records; longest ID ${longest}; longest line ${Math.max(...lengths)} B`,
      measured: { idLength: longest, idLogBytes: idBytes },
    };
  },
};

const idle: Fault = {
  name: 'connections that are kept open and idle',
  promise: 'memory per connection is that of Node, and it comes back',
  goals: [1],
  async run(scene) {
    const count = scene.long ? 10_000 : 500;
    const heaps: number[] = [];
    for (const bare of [true, false]) {
      const host = await scene.host({ bare, node: ['--expose-gc', '--max-http-header-size=16384'] });
      await host.run(({ server }) => {
        server.keepAliveTimeout = 600_000;
        server.maxConnections = 0;
      });
      const heap = (): Promise<number> =>
        host.run(async ({ pause }) => {
          for (let i = 0; i < 4; i++) {
            globalThis.gc?.();
            await pause(50);
          }
          return process.memoryUsage().heapUsed;
        });
      await host.requests(200);
      const before = await heap();
      const sockets = [];
      for (let i = 0; i < count; i += 100) {
        const some = await Promise.all(Array.from({ length: 100 }, () => connected(host.port)));
        for (const socket of some) socket.resume().write(head('GET /ok HTTP/1.1'));
        sockets.push(...some);
      }
      if (!bare) await until(() => host.records().length >= count + 200, 120_000);
      heaps.push(((await heap()) - before) / count);
      for (const socket of sockets) socket.destroy();
      await scene.leave(host);
    }
    const [bare = 0, ours = 0] = heaps;
    return {
      text: `${count} connections: ${Math.round(ours)} B of heap each, ${Math.round(bare)} B without the library`,
      measured: { perConnectionBytes: ours - bare },
    };
  },
};

const protocols: Fault = {
  name: 'http2 without TLS, https, and a client that sends plain text to https',
  promise: ONE,
  goals: [1, 14],
  async run(scene) {
    const host = await scene.host({ options: () => ({ traces: {} }) });
    const answers = await host.run(async ({ require, argument: { key, cert } }) => {
      const [http2, https, net] = [require('node:http2'), require('node:https'), require('node:net')] as [
        typeof import('node:http2'),
        typeof import('node:https'),
        typeof import('node:net'),
      ];
      const listening = <S extends import('node:net').Server>(server: S): Promise<number> =>
        new Promise((resolve) =>
          server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
        );
      const two = http2.createServer((_request, response) => void response.end('two'));
      const secure = https.createServer({ key, cert }, (_request, response) => void response.end('secure'));
      const [twoPort, securePort] = [await listening(two), await listening(secure)];
      const session = http2.connect(`http://127.0.0.1:${twoPort}`);
      const statuses: unknown[] = [];
      for (let i = 0; i < 3; i++) {
        const stream = session.request({ ':path': `/${i}` });
        stream.on('response', (headers) => statuses.push(headers[':status']));
        await new Promise((resolve) => stream.resume().on('close', resolve));
      }
      const gone = session.request({ ':path': '/gone' });
      gone.on('error', () => {});
      gone.close(8);
      await new Promise((resolve) => gone.resume().on('close', resolve));
      session.close();
      await new Promise<void>((resolve) => {
        https.get({ host: '127.0.0.1', port: securePort, rejectUnauthorized: false, agent: false }, (response) => {
          statuses.push(response.statusCode);
          response.resume().on('end', resolve);
        });
      });
      await new Promise((resolve) => {
        const plain = net.connect(securePort, '127.0.0.1', () => plain.write('GET / HTTP/1.1\r\n\r\n'));
        plain.on('error', resolve).on('close', resolve).resume();
      });
      two.close();
      secure.close();
      return statuses;
    }, certificate);
    expect(answers).toEqual([200, 200, 200, 200]);
    await host.quiet();
    await pause(100);
    const count = host.records().length;
    expect([4, 5]).toContain(count); // a stream that is closed at once may never have been a request
    return { text: `${count} records; in flight 0`, measured: { recordsOff: 0, inFlight: 0 } };
  },
};

export const clients: Group = { name: 'clients', faults: [abort, slow, isolation, headers, idle, protocols] };
