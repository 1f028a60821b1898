import { EventEmitter } from 'node:events';
import http from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect, listen, observing, pause, stopAll } from './harness.js';

/** The runner's own listeners would fail the test for the very errors that it is about. */
const EVENTS = ['unhandledRejection', 'uncaughtException'] as const;
const kept = new Map<(typeof EVENTS)[number], NodeJS.UncaughtExceptionListener[]>();
const caught: unknown[] = [];

beforeEach(() => {
  caught.length = 0;
  for (const event of EVENTS) {
    kept.set(event, process.listeners(event as 'uncaughtException'));
    process.removeAllListeners(event);
    process.on(event as 'uncaughtException', (cause) => caught.push(cause));
  }
});

afterEach(async () => {
  for (const [event, listeners] of kept) {
    process.removeAllListeners(event);
    for (const listener of listeners) process.on(event as 'uncaughtException', listener);
  }
  await stopAll();
});

class Broken extends Error {
  override readonly name = 'Broken';
}

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => unknown;

/** A request that its client gives up after a while, as one does when no answer comes. */
async function impatient(port: number): Promise<void> {
  const socket = await connect(port);
  socket.resume();
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await pause(80);
  socket.destroy();
}

describe('a handler that nobody answers for is the error, not the client that gave up', () => {
  test.each<[string, Handler]>([
    [
      'throws',
      () => {
        throw new Broken('now');
      },
    ],
    [
      'rejects at once',
      async () => {
        throw new Broken('now');
      },
    ],
    [
      'rejects later',
      async () => {
        await pause(10);
        throw new Broken('later');
      },
    ],
    [
      'throws in a timer',
      () =>
        setTimeout(() => {
          throw new Broken('timer');
        }, 10),
    ],
    [
      'throws in a body event',
      (request) =>
        request
          .on('end', () => {
            throw new Broken('end');
          })
          .resume(),
    ],
  ])('%s', async (_name, handler) => {
    const { recorded, observability } = observing();
    const port = await listen(http.createServer((q, s) => handler(q, s)));
    await impatient(port);
    const records = await recorded(1);
    expect(records).toHaveLength(1);
    expect(observability.signals.snapshot().traffic).toMatchObject({ inFlight: 0, total: 1 });
    expect(records[0]).toMatchObject({ outcome: 'error', error_type: 'Broken' });
    expect(records[0]?.['err']).toMatchObject({ type: 'Broken' });
    expect(caught).toHaveLength(1); // and the application has heard of it as it always would
  });
});

test('a handler that throws after a complete answer is an error all the same', async () => {
  const { recorded } = observing();
  const port = await listen(
    http.createServer((_q, s) => {
      s.end('fine');
      throw new Broken('too late to tell the client');
    }),
  );
  await impatient(port);
  expect(await recorded(1)).toMatchObject([{ outcome: 'error', status: 200, error_type: 'Broken' }]);
});

test('work of a request that fails after its end changes nothing', async () => {
  const { recorded } = observing();
  const port = await listen(
    http.createServer((_q, s) => {
      s.end('fine');
      setTimeout(() => {
        throw new Broken('background');
      }, 40);
    }),
  );
  await impatient(port);
  expect(await recorded(1)).toMatchObject([{ outcome: 'ok', status: 200 }]);
  await pause(40);
  expect(caught).toHaveLength(1);
});

test('with captureRejections the answer of Node itself is recorded', async () => {
  const { recorded } = observing();
  EventEmitter.captureRejections = true; // read when a server is made
  const capturing = http.createServer(async () => {
    throw new Broken('captured');
  });
  EventEmitter.captureRejections = false;
  const port = await listen(capturing);
  await impatient(port);
  expect(await recorded(1)).toMatchObject([{ outcome: 'error', status: 500 }]);
  expect(caught).toEqual([]);
});
