import { createServer, type RequestListener } from 'node:http';
import fastify from 'fastify';
import { afterEach, describe, expect, test } from 'vitest';
import { goldenSignals as forExpress } from '../../src/adapters/express.js';
import { goldenSignals as forFastify } from '../../src/adapters/fastify.js';
import { goldenSignals as forKoa } from '../../src/adapters/koa.js';
import { flags } from '../../src/instance.js';
import { listen, observing, request, stopAll } from '../http/harness.js';
import type { Express, Response } from './flavours.js';

/** They bring no types. */
const load = async (name: string): Promise<unknown> => ((await import(name)) as { default: unknown }).default;
const express = (await load('express')) as Express;
const Koa = (await load('koa')) as new () => KoaApp;

interface KoaApp {
  use(middleware: (context: { body: unknown }, next: () => Promise<unknown>) => Promise<unknown>): KoaApp;
  callback(): RequestListener;
}

const ends: (() => unknown)[] = [];
afterEach(async () => {
  flags.lift('override', 'read_only');
  for (const end of ends.splice(0)) await end();
  await stopAll();
});

/** Answers `ok` to everything, after as long as `work` takes. */
const servers = {
  express: (work: () => Promise<void>) => {
    const app = express();
    app.use(forExpress(), forExpress());
    app.use((_request: unknown, response: Response) => void work().then(() => response.end('ok')));
    return listen(createServer(app));
  },
  koa: (work: () => Promise<void>) => {
    const app = new Koa().use(forKoa() as never).use(forKoa() as never);
    app.use(async (context) => {
      await work();
      context.body = 'ok';
    });
    return listen(createServer(app.callback()));
  },
  fastify: async (work: () => Promise<void>) => {
    const app = fastify({ forceCloseConnections: true });
    ends.push(() => app.close());
    await app.register(forFastify() as never);
    app.all('/*', async () => {
      await work();
      return 'ok';
    });
    await app.ready();
    app.server.listen(0, '127.0.0.1');
    await new Promise((resolve) => app.server.once('listening', resolve));
    return (app.server.address() as { port: number }).port;
  },
};

describe.each(Object.entries(servers))('%s', (_name, serving) => {
  test.each([true, false])(
    'while read_only is on, what is unsafe is answered 503 and not handled (auto: %s)',
    async (auto) => {
      observing({ http: { auto, readOnly: true } });
      let handled = 0;
      const port = await serving(async () => void handled++);
      expect(await request(port, '/a', { method: 'POST' })).toMatchObject({ status: 200, body: 'ok' });
      flags.override('read_only', true);
      const refused = await request(port, '/a', { method: 'DELETE' });
      expect(refused).toMatchObject({
        status: 503,
        headers: { 'retry-after': '30' },
        body: 'read only, try again later\n',
      });
      expect(await request(port, '/a')).toMatchObject({ status: 200, body: 'ok' });
      expect(handled).toBe(2);
    },
  );

  test('beyond the limit requests are answered 503, and room comes back with the answers', async () => {
    observing({ http: { limit: { start: 2, least: 2, most: 2 } } });
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let handled = 0;
    const port = await serving(() => {
      handled++;
      return held;
    });
    const [one, two] = [request(port, '/1'), request(port, '/2')];
    while (handled < 2) await new Promise(setImmediate);
    expect(await request(port, '/3')).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    release();
    expect([(await one).status, (await two).status, (await request(port, '/4')).status]).toEqual([200, 200, 200]);
  });

  test('by default nothing is refused', async () => {
    observing();
    const port = await serving(async () => {});
    flags.override('read_only', true);
    expect((await request(port, '/a', { method: 'POST' })).status).toBe(200);
  });
});
