import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.js';
import { ProcessLifecycle } from '../../src/lifecycle/lifecycle.js';
import { get } from './service.js';

let lifecycle: ProcessLifecycle;
let server: http.Server;
let port: number;

beforeEach(async () => {
  lifecycle = new ProcessLifecycle(systemClock);
  const handlers = lifecycle.handlers(({ headers }) => headers.authorization !== undefined);
  server = http.createServer((request, response) => {
    const handler = Object.entries(handlers).find(([path]) => path === request.url)?.[1];
    handler?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterEach(() => void server.close());

const statuses = async (): Promise<number[]> =>
  Promise.all(['/livez', '/readyz', '/startupz'].map(async (path) => (await get(port, path)).status));

describe('an orchestrator is told', () => {
  test('that the service is alive, ready and started', async () => {
    expect(await statuses()).toEqual([200, 200, 200]);
  });

  test('that it is alive while it starts, until it says that it is ready', async () => {
    lifecycle.starting();
    expect(await statuses()).toEqual([200, 503, 503]);
    lifecycle.ready();
    expect(await statuses()).toEqual([200, 200, 200]);
  });

  test('that it is alive and started while it lacks what it needs', async () => {
    lifecycle.check('database', () => false);
    expect(await statuses()).toEqual([200, 503, 200]);
  });
});

test('why a check fails is not for everybody', async () => {
  lifecycle.check('database', () => {
    throw new Error('connect ECONNREFUSED 10.0.0.7:5432');
  });
  expect((await get(port, '/readyz')).body).toBe(
    '{"status":"failing","checks":{"database":{"ok":false,"critical":true}}}\n',
  );
  const trusted = await fetch(`http://127.0.0.1:${port}/readyz`, { headers: { authorization: 'x' } });
  expect(await trusted.text()).toContain('10.0.0.7:5432');
});

test('a drain whose times make no sense throws', () => {
  expect(() => lifecycle.drain(server, { delayMs: 5000, deadlineMs: 5000 })).toThrow(
    'expected 0 <= delayMs < deadlineMs, got delayMs 5000 and deadlineMs 5000',
  );
});

test('a drain that is cancelled leaves nothing behind', () => {
  const before = [process.listenerCount('SIGTERM'), server.listenerCount('connection')];
  lifecycle.drain(server).cancel();
  expect([process.listenerCount('SIGTERM'), server.listenerCount('connection')]).toEqual(before);
});
