import http from 'node:http';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import type { Snapshot } from '../../../src/admin/api/snapshot.js';
import { seconds } from '../../../src/admin/page/client/format.js';
import { TopFailure } from '../../../src/cli/look.js';
import { type TopOptions, top } from '../../../src/cli/top.js';
import { listen, observing, request } from '../../http/harness.js';
import { elsewhere, stopAsking, TOKEN } from './asking.js';

afterEach(stopAsking);

async function service(token?: string) {
  const { observability, recorded } = observing({
    admin: { port: 0, token },
    http: { route: ({ url }) => url?.split('?')[0] },
  });
  const port = await listen(http.createServer((_incoming, response) => response.end()));
  for (let i = 0; i < 30; i++) await request(port, `/carts/\u001b[31m`.replace('\u001b', '%1b'), { agent: elsewhere });
  await recorded(30);
  return `http://127.0.0.1:${await observability.admin.port}`;
}

async function shown(options: Partial<TopOptions> & { readonly url: string }): Promise<string> {
  let text = '';
  const given = {
    token: undefined,
    json: false,
    paper: undefined,
    everyMs: 1,
    signal: new AbortController().signal,
    ...options,
  };
  await top(given, { out: (more) => (text += more) });
  return text;
}

test('without a terminal it is one look in plain text, with the figures of the API', async () => {
  const url = await service();
  const text = await shown({ url });
  const snapshot: Snapshot = JSON.parse(await (await fetch(`${url}/api/snapshot`)).text());
  expect(text).not.toContain('\u001b');
  expect(text).toMatch(/^test 1 \(test\) {2}instance /);
  expect(text).toMatch(/latency .* p99 of 30 requests/);
  expect(text).toContain('✓ errors              0 %  0 of 30 requests failed');
  const line = text.split('\n').find((one) => one.startsWith('GET /carts')) ?? '';
  expect(line).toContain(seconds(snapshot.routes[0]?.p95));
});

test('on a terminal it is drawn again in place, within its width, until it is ended', async () => {
  const url = await service();
  const ending = new AbortController();
  let text = '';
  let looks = 0;
  const paper = () => ({ columns: 70, rows: 20, coloured: true });
  await top(
    { url, token: undefined, json: false, paper, everyMs: 1, signal: ending.signal },
    {
      out: (more) => {
        text += more;
        if (++looks === 3) ending.abort();
      },
    },
  );
  expect(looks).toBe(3);
  expect(text).toContain('\u001b[32m✓\u001b[0m');
  const widths = text.split('\n').map((line) => stripVTControlCharacters(line).length);
  expect(Math.max(...widths)).toBeLessThanOrEqual(70);
});

test('as JSON it is the snapshot', async () => {
  expect(JSON.parse(await shown({ url: await service(), json: true }))).toMatchObject({
    service: 'test',
    lights: expect.any(Array),
  });
});

test('it brings the token; without it, it says how', async () => {
  const url = await service(TOKEN);
  expect(await shown({ url, token: TOKEN })).toContain('latency');
  await expect(shown({ url })).rejects.toThrow(/--token or FOURLIGHTS_ADMIN_TOKEN/);
});

test('it says when nothing answers, or something else does', async () => {
  await expect(shown({ url: 'http://127.0.0.1:1' })).rejects.toThrow(TopFailure);
  const other = await listen(http.createServer((_incoming, response) => response.end('hello')));
  await expect(shown({ url: `http://127.0.0.1:${other}` })).rejects.toThrow(/no JSON/);
  const lost = await listen(http.createServer((_incoming, response) => response.writeHead(404).end()));
  await expect(shown({ url: `http://127.0.0.1:${lost}` })).rejects.toThrow(/answered 404/);
});
