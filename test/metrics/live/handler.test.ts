import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/core/clock.js';
import { diagnostics } from '../../../src/core/diagnostics.js';
import { metricsHandler } from '../../../src/metrics/handler.js';
import { Metrics } from '../../../src/metrics/metrics.js';
import { OPEN_METRICS } from '../samples.js';

const servers: http.Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serving(handler: ReturnType<typeof metricsHandler>): Promise<string> {
  const server = http.createServer((request, response) => void handler(request, response)).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}

const metrics = () => new Metrics({ sources: { clock: systemClock, drops: () => diagnostics.drops() } });

test('it answers in the format and the coding that are asked for', async () => {
  const url = await serving(metrics().handler);
  const plain = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
  expect(plain.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(plain.headers.get('content-encoding')).toBeNull();
  const text = await plain.text();
  expect(text).toContain('process_uptime_seconds ');
  expect(Number(plain.headers.get('content-length'))).toBe(Buffer.byteLength(text));

  const open = await fetch(url, { headers: { accept: OPEN_METRICS } });
  expect(open.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
  expect(await open.text()).toMatch(/# EOF\n$/);
});

test('gzip makes it small and loses nothing', async () => {
  const url = await serving(metrics().handler);
  const [body, headers] = await new Promise<[Buffer, http.IncomingHttpHeaders]>((resolve) => {
    http.get(url, { headers: { 'accept-encoding': 'gzip' } }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve([Buffer.concat(chunks), response.headers]);
    });
  });
  expect(headers['content-encoding']).toBe('gzip');
  const plain = gunzipSync(body);
  expect(plain.toString()).toContain('process_memory_usage_bytes ');
  expect(body.length).toBeLessThan(plain.length / 2);
});

test('HEAD has the head alone, and nothing else than GET and HEAD is allowed', async () => {
  const url = await serving(metrics().handler);
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
  const post = await fetch(url, { method: 'POST' });
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test('metrics that cannot be had are a 503, told, and no failure of the server', async () => {
  const report = vi.spyOn(diagnostics, 'report').mockReturnValue();
  const url = await serving(metricsHandler(() => Promise.reject(new Error('the primary is gone'))));
  const answer = await fetch(url);
  expect([answer.status, await answer.text()]).toEqual([503, 'metrics are not available; the log says why\n']);
  expect(report).toHaveBeenCalledWith('metrics', expect.any(Error));
});
