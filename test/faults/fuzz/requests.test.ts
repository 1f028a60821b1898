import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import { Writable } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { connect, listen, observing, stopAll } from '../../http/harness.js';
import { polluted } from '../../support/hostile-json.js';
import { Mutator } from '../../support/mutator.js';
import { until } from '../../support/until.js';
import { cases, tried } from './budget.js';

afterEach(stopAll);

const CONNECTIONS = 8;
const PER_CONNECTION = 100;
/** Stands in what nobody may see again. With a character that no ID has, so that no change makes an ID of it. */
const CANARY = 'CAN(ARY';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const VALUES = [
  'a-legal-id',
  `<${CANARY}>`,
  `${CANARY} ${CANARY}`,
  `00-${TRACE}-00f067aa0ba902b7-01`,
  `${TRACE}-00f067aa0ba902b7-d`,
  `user=${CANARY},k="${CANARY}";p`,
  `Root=1-${TRACE.slice(0, 8)}-${TRACE.slice(8)};Parent=00f067aa0ba902b7;Sampled=1`,
  `v=${CANARY}<`,
  'x'.repeat(2000),
];
/** What is read of a request, and what must not be shown of it. */
const NAMES = [
  ...['x-correlation-id', 'x-request-id', 'traceparent', 'tracestate', 'baggage', 'b3', 'x-b3-traceid', 'x-b3-spanid'],
  ...['x-amzn-trace-id', 'uber-trace-id', 'cookie', 'authorization', '__proto__', 'constructor', 'forwarded'],
];
const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS', 'PURGE', 'M-SEARCH', 'get', 'BREW', 'TRACE'];
const TARGETS = [
  '/',
  '//',
  '*',
  '/%',
  '/%00',
  '/a?b=c',
  'http://[',
  'http://x:99999/',
  '/../..',
  '/\\',
  '/constructor',
  '?',
  '/\xff',
];

const isOfValue = (byte: number): boolean => byte === 9 || (byte >= 32 && byte !== 127);
const isOfTarget = (byte: number): boolean => byte > 32 && byte < 127;

function cleaned(mutator: Mutator, isWanted: (byte: number) => boolean): string {
  return Buffer.from(mutator.bytes().filter(isWanted)).toString('latin1');
}

/** A head that Node's parser lets through: no control characters, no blank in the target. */
function legal(mutator: Mutator): Buffer {
  const target = mutator.below(3) === 0 ? cleaned(mutator, isOfTarget) : '';
  const lines = [`${mutator.pick(METHODS.slice(0, 6))} /${target}${mutator.pick(TARGETS.slice(3, 6))} HTTP/1.1`];
  lines.push(`host: ${cleaned(mutator, isOfValue)}`);
  for (let i = mutator.below(5); i > 0; i--) lines.push(`${mutator.pick(NAMES)}: ${cleaned(mutator, isOfValue)}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** One that it may refuse, and with it the connection. */
function anything(mutator: Mutator): Buffer {
  const head = `${mutator.pick(METHODS)} ${mutator.pick(TARGETS)} HTTP/1.1\r\n`;
  const lines = Array.from({ length: mutator.below(4) }, () => `${mutator.pick(NAMES)}: `);
  const raw = lines.map((line) => Buffer.concat([Buffer.from(line), mutator.bytes(), Buffer.from('\r\n')]));
  return Buffer.concat([Buffer.from(`${head}host: x\r\n`, 'latin1'), ...raw, Buffer.from('\r\n')]);
}

interface Seen {
  answers: number;
  wrongIds: string[];
  canaries: string[];
}

/** Sends them pipelined on one connection and looks at all that comes back. */
async function exchange(port: number, heads: readonly Buffer[], seen: Seen): Promise<void> {
  const socket: net.Socket = await connect(port);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  const closed = once(socket, 'close');
  socket.write(Buffer.concat(heads));
  socket.end();
  await closed;
  const text = Buffer.concat(chunks).toString('latin1');
  for (const [, head = ''] of text.matchAll(/HTTP\/1\.1 (.*?)\r\n\r\n/gs)) {
    seen.answers++;
    const id = /^x-correlation-id: (.*)$/im.exec(head)?.[1]?.trim();
    if (!head.startsWith('400') && !/^[A-Za-z0-9._:/=+-]{1,128}$/.test(id ?? '')) seen.wrongIds.push(head);
  }
  if (text.includes(CANARY)) seen.canaries.push(text);
}

/** A log that keeps nothing: each line is looked at as it comes. */
class LookedAt extends Writable {
  records = 0;
  longestId = 0;
  readonly wrong: string[] = [];
  #rest = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const lines = (this.#rest + chunk.toString()).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#look(line);
    done();
  }

  #look(line: string): void {
    const { event, correlation_id: id, method, path } = JSON.parse(line) as Record<string, unknown>;
    if (event !== 'http_request') return;
    this.records++;
    const said = `"correlation_id":${JSON.stringify(id)},`;
    this.longestId = Math.max(this.longestId, said.length);
    if (line.replace(JSON.stringify(path), '').includes(CANARY) || !/^([A-Z]+|_OTHER)$/.test(String(method)))
      this.wrong.push(line);
  }
}

test('requests of any bytes: each that is let in has one record and one clean ID, and nothing of its headers is shown', async () => {
  const log = new LookedAt();
  const trust = ['continue', 'link', 'full'] as const;
  let asked = 0;
  const { observability } = observing({
    log: { destination: log },
    http: { trust: () => trust[asked++ % 3] ?? 'continue' },
    traces: { propagators: ['tracecontext', 'baggage', 'b3', 'b3multi', 'xray', 'jaeger'] },
  });
  let handled = 0;
  const port = await listen(
    http.createServer((request, response) => {
      handled++;
      request.resume();
      response.end('ok');
    }),
  );
  const mutator = new Mutator(43, VALUES);
  const seen: Seen = { answers: 0, wrongIds: [], canaries: [] };
  const count = cases({ short: 12_000, long: 300_000 });
  let left = count;
  const client = async (): Promise<void> => {
    while (left > 0) {
      const size = Math.min(PER_CONNECTION, left);
      left -= size;
      const heads = Array.from({ length: size - 1 }, () => legal(mutator));
      await exchange(port, [...heads, anything(mutator)], seen);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  await until(() => log.records >= handled);

  expect(seen.wrongIds).toEqual([]);
  expect(seen.canaries).toEqual([]);
  expect(log.wrong).toEqual([]);
  expect(handled).toBeGreaterThan(count * 0.8);
  expect(log.records).toBe(handled);
  expect(observability.signals.snapshot().traffic.inFlight).toBe(0);
  const attributes = observability.traces
    .kept()
    .flatMap(({ spans }) => spans)
    .flatMap((span) => Object.entries(span.attributes))
    .filter(([name]) => !name.startsWith('url.'));
  expect(attributes.length).toBeGreaterThan(100);
  expect(attributes.filter(([, value]) => String(value).includes(CANARY))).toEqual([]);
  expect(Object.keys(observability.drops()).filter((signal) => /entry|observer|span|log/.test(signal))).toEqual([]);
  expect(polluted()).toBe(false);
  tried(
    'requests of any bytes on sockets',
    'one record and one clean ID each; nothing of the headers is shown',
    count,
    {
      text: `${handled.toLocaleString('en-GB')} were let in`,
      goals: [1, 8],
      measured: { headerCases: count, headerThrows: 0, idLogBytes: log.longestId, recordsOff: 0, inFlight: 0 },
    },
  );
});
