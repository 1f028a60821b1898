import { execFile } from 'node:child_process';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../support/until.js';
import { Balancer } from './balancer.js';
import { built, cleanUp, get, Service } from './service.js';

const autocannon = fileURLToPath(new URL('../../node_modules/autocannon/autocannon.js', import.meta.url));

interface Result {
  readonly errors: number;
  readonly timeouts: number;
  readonly non2xx: number;
  readonly requests: { readonly total: number };
}

async function load(url: string, seconds: number): Promise<Result> {
  const args = [autocannon, '--json', '--connections', '20', '--duration', String(seconds), url];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

beforeAll(built);
afterAll(cleanUp);

test('SIGTERM under load: keep-alive clients behind a balancer see no failed request', async () => {
  const settings = { delayMs: 1000, deadlineMs: 8000, workMs: 20 };
  const [leaving, staying] = await Promise.all([Service.started(settings), Service.started(settings)]);
  const balancer = new Balancer([leaving.port, staying.port]);
  const loaded = load(await balancer.listen(), 5);
  await until(() => (balancer.answered.get(leaving.port) ?? 0) > 500);
  leaving.terminate();
  const ending = await leaving.ended;
  const result = await loaded;
  balancer.close();
  staying.terminate();
  const { total } = result.requests;
  console.info(
    `${total} requests, ${balancer.answered.get(leaving.port)} of them to the one that left, gone ${Math.round(leaving.endedAfterMs)} ms after SIGTERM`,
  );
  expect({ ...result, failures: balancer.failures }).toMatchObject({ errors: 0, timeouts: 0, non2xx: 0, failures: [] });
  expect(ending).toEqual({ code: null, signal: 'SIGTERM' });
  expect(leaving.happenings.find(({ event }) => event === 'drained')).toMatchObject({ cut: 0 });
  expect(leaving.endedAfterMs).toBeLessThan(settings.deadlineMs);
});

describe('while a service drains', () => {
  test('it is not ready but alive, lets requests in until the delay is over, and serves what has begun', async () => {
    const service = await Service.started({ delayMs: 600, deadlineMs: 20_000 });
    const agent = new http.Agent({ keepAlive: true });
    expect((await get(service.port, '/', agent)).headers.connection).toBe('keep-alive');
    service.terminate();
    await until(() => service.has('spans flushed'));
    expect(await get(service.port, '/readyz')).toMatchObject({
      status: 503,
      body: '{"status":"draining","checks":{}}\n',
    });
    expect(await get(service.port, '/livez')).toMatchObject({ status: 200 });
    const slow = get(service.port, '/slow', agent);
    expect(await get(service.port, '/')).toMatchObject({ status: 200 });
    expect(await slow).toMatchObject({ status: 200, headers: { connection: 'close' } });
    await expect(get(service.port, '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await service.ended;
    agent.destroy();
  });

  test('connections that are idle, or busy when the sweep comes, do not hold it up for their keep-alive timeout', async () => {
    const service = await Service.started({ delayMs: 0, deadlineMs: 20_000 });
    const agent = new http.Agent({ keepAlive: true });
    await Promise.all([get(service.port, '/', agent), get(service.port, '/', agent)]);
    const slow = get(service.port, '/slow', agent);
    await pause(100);
    service.terminate();
    expect((await slow).headers.connection).toBe('close');
    await service.ended;
    console.info(`a request of 1 s was under way: gone ${Math.round(service.endedAfterMs)} ms after SIGTERM`);
    expect(service.endedAfterMs).toBeLessThan(4500); // with a connection left to its timeout it is 5 s and more
  });

  test('what is still under way at the deadline is cut and counted, and its end is seen before the process ends', async () => {
    const service = await Service.started({ delayMs: 0, deadlineMs: 500 });
    const stuck = get(service.port, '/stuck').catch((cause: Error) => cause.message);
    await pause(100);
    service.terminate();
    expect(await stuck).toBe('socket hang up');
    expect(await service.ended).toEqual({ code: null, signal: 'SIGTERM' });
    expect(service.happenings.find(({ event }) => event === 'drained')).toMatchObject({ cut: 1 });
    const order = service.happenings.map(({ event }) => event);
    expect(order.filter((event) => event === 'response closed' || event === 'drained')).toEqual([
      'response closed',
      'drained',
    ]);
  });

  test('a second SIGTERM, as npm sends one, changes nothing', async () => {
    const service = await Service.started({ delayMs: 300 });
    const slow = get(service.port, '/slow');
    await pause(100);
    service.terminate();
    await until(() => service.has('spans flushed'));
    service.terminate();
    expect(await slow).toMatchObject({ status: 200 });
    expect(await service.ended).toEqual({ code: null, signal: 'SIGTERM' });
  });
});

describe('the end of the process is what it would be without us:', () => {
  test('killed by the signal, after the last words and the spans', async () => {
    const service = await Service.started({ delayMs: 100 });
    service.terminate();
    expect(await service.ended).toEqual({ code: null, signal: 'SIGTERM' });
    expect(service.events).toContain('last words');
    // Lines of the log come by another way.
    const events = service.events.filter((event) => event !== 'started' && event !== 'last words');
    expect(events).toEqual(['listening', 'spans flushed', 'drained', 'shutdown', 'spans flushed']);
  });

  test("a handler of the application's that waits for the drain has its own exit code", async () => {
    const service = await Service.started({ delayMs: 100, end: 'waits' });
    service.terminate();
    expect(await service.ended).toEqual({ code: 7, signal: null });
    expect(service.events).toContain('drained');
    expect(service.events).not.toContain('shutdown');
  });

  test("a handler of the application's that closes the server itself is not waited for, and its clients are let go", async () => {
    const service = await Service.started({ delayMs: 3000, deadlineMs: 20_000, end: 'closes' });
    const agent = new http.Agent({ keepAlive: true });
    await get(service.port, '/', agent);
    const slow = get(service.port, '/slow', agent);
    await pause(100);
    service.terminate();
    expect(await slow).toMatchObject({ status: 200, headers: { connection: 'close' } });
    expect(await service.ended).toEqual({ code: 3, signal: null });
    expect(service.endedAfterMs).toBeLessThan(2500);
  });

  test('a package that only looks on (signal-exit) is no handler of the application', async () => {
    const service = await Service.started({ delayMs: 100, end: 'signal-exit' });
    service.terminate();
    expect(await service.ended).toEqual({ code: null, signal: 'SIGTERM' });
    expect(service.events.indexOf('signal-exit')).toBeGreaterThan(service.events.indexOf('drained'));
  });
});
