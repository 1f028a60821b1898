import { once } from 'node:events';
import net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { observing } from '../../http/harness.js';
import { random as seeded } from '../../support/random.js';
import { flagsOf, stopAsking } from './asking.js';

afterEach(stopAsking);

const REQUESTS = 100_000;
const PER_CONNECTION = 200;
const CONNECTIONS = 8;

/** Request lines and bodies that no client means: some that parse, some that do not. */
function nonsense(random: () => number): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const noise = (length: number): string =>
    Array.from({ length: Math.floor(random() * length) }, () =>
      String.fromCharCode(33 + Math.floor(random() * 94)),
    ).join('');
  const path = pick([
    `/api/${noise(12)}`,
    `/api/requests?status=${noise(8)}&since=${noise(4)}`,
    `/api/request?id=%${noise(5)}`,
    '/api/snapshot?since=NaN&since=1e999',
    `//${noise(9)}`,
    '/__proto__',
    `/api/flags?${'a&'.repeat(50)}`,
    `/%00%ff/../..${noise(6)}`,
    `/sign-in?${noise(20)}`,
    '*',
  ]);
  const body = pick([
    '{',
    '[]',
    'null',
    '{"action":"kill","key":{}}',
    '{"action":{},"key":[]}',
    '{"__proto__":1}',
    noise(60),
  ]);
  const origin = pick(['http://127.0.0.1', 'null', noise(9), '']);
  const type = pick(['application/json', 'application/x-protobuf', 'text/plain', noise(6)]);
  const head = `host: 127.0.0.1\r\norigin: ${origin}\r\nx-fourlights-change: 1\r\ncookie: ${noise(30)}\r\ncontent-type: ${type}\r\n`;
  return random() < 0.5
    ? `GET ${path} HTTP/1.1\r\n${head}\r\n`
    : `POST ${pick([path, '/api/flags', '/v1/traces', '/api/rollouts', '/sign-in'])} HTTP/1.1\r\n${head}content-length: ${body.length}\r\n\r\n${body}`;
}

/** Not HTTP at all: ends its connection. */
const rubbish = [
  'GET\r\n\r\n',
  '\0\0\0\0',
  'GET / HTTP/9.9\r\n\r\n',
  'POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n',
  'G'.repeat(70_000),
];

test(`${REQUESTS} malformed request lines and bodies end nothing, and fail nothing inside`, async () => {
  const { observability } = observing({ admin: { port: 0, otlp: true }, traces: {}, flags: { source: flagsOf('a') } });
  const port = (await observability.admin.port) ?? 0;
  const random = seeded(8);
  let sent = 0;
  let answers = 0;

  const connection = async (): Promise<void> => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      answers += chunk.toString('latin1').split('HTTP/1.1 ').length - 1;
    });
    await once(socket, 'connect');
    const batch = Math.min(PER_CONNECTION, REQUESTS - sent);
    sent += batch;
    socket.write(Array.from({ length: batch }, () => nonsense(random)).join(''));
    socket.end(rubbish[Math.floor(random() * rubbish.length)] ?? '');
    await new Promise((resolve) => socket.once('close', resolve)); // also after a reset
  };
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (sent < REQUESTS) await connection();
    }),
  );

  console.log(`${sent} requests, ${answers} answers`);
  expect(answers).toBeGreaterThan(REQUESTS / 4);
  expect(observability.drops()['admin']).toBeUndefined();
  expect(observability.flags.boolean('a', false)).toBe(true);
  const alive = await fetch(`http://127.0.0.1:${port}/api/snapshot`);
  expect(alive.status).toBe(200);
});
