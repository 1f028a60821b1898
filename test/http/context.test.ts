import http from 'node:http';
import type net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { correlationId } from '../../src/context/carrier.js';
import { connect, listen, observing, pause, stopAll } from './harness.js';

afterEach(stopAll);

/** Answers with the ID it saw in each place where a plain `AsyncLocalStorage.run` loses it. */
function witness(seen: Record<string, string>[]): http.Server {
  return http.createServer((request, response) => {
    const id = request.headers['x-correlation-id'] as string;
    const saw: Record<string, string> = { wanted: id, handler: String(correlationId()) };
    request.on('data', () => {
      saw['data'] = String(correlationId());
    });
    request.on('end', () => {
      saw['end'] = String(correlationId());
      setTimeout(() => {
        saw['timer'] = String(correlationId());
        response.on('finish', () => {
          saw['finish'] = String(correlationId());
          seen.push(saw);
        });
        response.end('ok');
      }, 1);
    });
  });
}

function post(id: string): [head: string, tail: string] {
  const head = `POST / HTTP/1.1\r\nHost: x\r\nx-correlation-id: ${id}\r\nContent-Length: 10\r\n\r\n01234`;
  return [head, '56789'];
}

async function answered(socket: net.Socket, count: number): Promise<void> {
  let text = '';
  await new Promise<void>((resolve) => {
    const onData = (chunk: Buffer): void => {
      text += chunk;
      if (text.split('HTTP/1.1 200').length - 1 < count) return;
      socket.off('data', onData);
      resolve();
    };
    socket.on('data', onData);
  });
}

function wrongOnes(seen: readonly Record<string, string>[]): Record<string, string>[] {
  const places = ['handler', 'data', 'end', 'timer', 'finish'];
  return seen.filter((saw) => places.some((place) => saw[place] !== saw['wanted']));
}

test('the ID is right in data, end, timer and finish over 60 keep-alive posts in two parts and 8 pipelined ones', async () => {
  observing();
  const seen: Record<string, string>[] = [];
  const port = await listen(witness(seen));

  await Promise.all(
    [0, 1, 2].map(async (lane) => {
      const socket = await connect(port);
      for (let i = 0; i < 20; i++) {
        const [head, tail] = post(`lane-${lane}-${i}`);
        const done = answered(socket, 1);
        socket.write(head);
        await pause(2);
        socket.write(tail);
        await done;
      }
      socket.end();
    }),
  );
  const pipelined = await connect(port);
  const done = answered(pipelined, 8);
  pipelined.write(Array.from({ length: 8 }, (_, i) => post(`pipelined-${i}`).join('')).join(''));
  await done;
  await pause(20);

  expect(seen).toHaveLength(68);
  expect(wrongOnes(seen)).toEqual([]);
});

test('100,000 interleaved requests with clients that go away see no ID but their own', async () => {
  const REQUESTS = 100_000;
  const LANES = 20;
  const BURST = 10;
  const { observability } = observing({ log: { accessLog: false } });
  let wrong = 0;
  let handled = 0;
  const server = http.createServer(async (request, response) => {
    const id = request.headers['x-correlation-id'];
    const check = (): void => {
      if (correlationId() !== id) wrong++;
    };
    check();
    response.on('close', check);
    await null;
    check();
    await new Promise(setImmediate);
    check();
    handled++;
    response.end();
  });
  server.keepAliveTimeout = 60_000;
  const port = await listen(server);

  let next = 0;
  const lane = async (): Promise<void> => {
    let socket = await connect(port);
    while (next < REQUESTS) {
      const ids = Array.from({ length: BURST }, () => `r${next++}`);
      const text = ids.map((id) => `GET / HTTP/1.1\r\nHost: x\r\nx-correlation-id: ${id}\r\n\r\n`).join('');
      if (next % 50 < BURST && next % 3 === 0) {
        socket.write(text, () => socket.resetAndDestroy()); // gone before, or amid, the answers
        socket = await connect(port);
      } else {
        const done = answered(socket, BURST);
        socket.write(text);
        await done;
      }
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  for (let i = 0; i < 200 && observability.signals.snapshot().traffic.inFlight > 0; i++) await pause(10);

  const { traffic, errors } = observability.signals.snapshot();
  expect(wrong).toBe(0);
  expect(handled).toBeGreaterThan(REQUESTS * 0.9);
  expect(traffic.total).toBeGreaterThan(REQUESTS * 0.9);
  expect(traffic.inFlight).toBe(0);
  expect(errors.aborted.beforeHeaders + errors.aborted.midResponse).toBeGreaterThan(REQUESTS / 100);
  expect(errors.count).toBe(0);
});

test('all arguments of an event reach its listeners, and the answer of emit is kept', async () => {
  observing();
  const seen: unknown[] = [];
  const server = http.createServer((request, response) => {
    request.on('custom', (...args) => seen.push(args));
    seen.push(request.emit('custom', 1, 2, 3, 4, 5), request.emit('nobody listens'));
    response.end();
  });
  const port = await listen(server);
  const socket = await connect(port);
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await answered(socket, 1);
  socket.destroy();
  expect(seen).toEqual([[1, 2, 3, 4, 5], true, false]);
});
