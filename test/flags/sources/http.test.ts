import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Context, store } from '../../../src/context/store.js';
import type { Source } from '../../../src/flags/source.js';
import { http } from '../../../src/flags/sources/http.js';
import { manualClock } from '../../../src/testing/manual-clock.js';
import { certificate } from '../../support/certificate.js';
import { until } from '../../support/until.js';
import { FlagService } from './flag-service.js';
import { documentOf, RecordingSink } from './recording-sink.js';

const service = new FlagService();
let sink = new RecordingSink();
let running: Source[] = [];

beforeEach(async () => {
  service.requests.length = 0;
  service.text = documentOf('ENABLED');
  service.behave('ok');
  await service.listen();
  sink = new RecordingSink();
});

afterEach(async () => {
  for (const source of running) await source.stop();
  running = [];
  await service.close();
});

/** Polls when the clock is moved, and never by itself. */
function polling(options: Parameters<typeof http>[1] = {}) {
  const clock = manualClock();
  const source = http(service.url, { clock, random: () => 0.5, ...options });
  running.push(source);
  source.start(sink);
  /** Moves on to the next request and no further, or its deadline would pass. */
  const next = async (): Promise<void> => {
    const { heard } = sink;
    const asked = service.requests.length;
    await until(() => {
      if (service.requests.length === asked) clock.advance(500);
      return sink.heard > heard;
    });
  };
  return { clock, source, next };
}

const first = (): Promise<void> => until(() => sink.heard > 0);

test('what has not changed is not sent again, and counts as a sign of life', async () => {
  const { next } = polling();
  await first();
  await next();
  expect(service.requests.map(({ headers }) => headers['if-none-match'] !== undefined)).toEqual([false, true]);
  expect(sink).toMatchObject({ applied: 1, signs: 1, failures: [] });
});

test('a document that was refused is asked for again until it is applied: its ETag is not kept', async () => {
  const { next } = polling();
  await first();
  const good = service.requests.length;
  service.text = '{}';
  await next();
  await next();
  const asked = service.requests.slice(good).map(({ headers }) => headers['if-none-match']);
  expect(new Set(asked).size).toBe(1); // that of the good one, each time
  expect(sink).toMatchObject({ applied: 1, refused: 2, signs: 0 });

  service.text = documentOf('DISABLED');
  await next();
  expect(sink.flags['new_checkout']?.state).toBe('DISABLED');
});

test('one request at a time, however long it takes', async () => {
  service.behave('hang');
  const { clock } = polling({ timeoutMs: 1_000_000 });
  await until(() => service.requests.length === 1);
  for (let i = 0; i < 20; i++) clock.advance(10_000);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(service.requests).toHaveLength(1);
});

test('one deadline for all of it: a body that drips ends with it', async () => {
  service.behave('slowloris');
  const { clock } = polling({ timeoutMs: 5000 });
  await until(() => service.requests.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  clock.advance(4999);
  expect(sink.failures).toEqual([]);
  clock.advance(1);
  await first();
  expect(sink.failures).toEqual(['no whole answer within 5000 ms']);
});

test('a 401 slows the polling down and does not end it', async () => {
  service.behave('HTTP 401');
  const { clock, next } = polling();
  await first();
  expect(sink.failures).toEqual(['HTTP 401: check the credentials in the headers']);
  clock.advance(14_999); // the interval, and half of what it may grow by
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(service.requests).toHaveLength(1);
  clock.advance(1);
  await until(() => sink.failures.length === 2);
  service.behave('ok');
  await next();
  expect(sink.applied).toBe(1);
});

test('a restart goes on from a backup: while nothing has changed its text counts as sent', async () => {
  const { source, next } = polling();
  await first();
  const { etag = '' } = source;
  source.stop();
  expect(etag).toMatch(/^"[0-9a-f]{40}"$/);
  sink = new RecordingSink();
  source.resume({ etag, text: service.text });
  source.start(sink);
  await first();
  expect(service.requests.at(-1)?.headers['if-none-match']).toBe(etag);
  expect(sink).toMatchObject({ signs: 0, applied: 1 });
  await next();
  expect(sink).toMatchObject({ signs: 1, applied: 1 });
  service.text = documentOf('DISABLED');
  await next();
  expect(sink).toMatchObject({ signs: 1, applied: 2 });
});

test('a backup whose text is refused now is asked for as if there were none', async () => {
  const { source, next } = polling();
  await first();
  const { etag = '' } = source;
  source.stop();
  sink = new RecordingSink();
  source.resume({ etag, text: '{}' });
  source.start(sink);
  await first();
  expect(sink).toMatchObject({ refused: 1, applied: 0 });
  await next();
  expect(sink).toMatchObject({ refused: 1, applied: 1 });
});

test('a source that is started anew without a backup asks for all of it', async () => {
  const { source } = polling();
  await first();
  source.stop();
  sink = new RecordingSink();
  source.start(sink);
  await first();
  expect(sink.applied).toBe(1);
});

test('the credentials go along, and no ID of the request in which polling began', async () => {
  const context = new Context(
    { correlationId: 'c'.repeat(32), traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) },
    undefined,
  );
  store.run(context, () => void polling({ headers: { authorization: 'Bearer t0ken' } }));
  await first();
  const { headers } = service.requests[0] ?? { headers: {} as IncomingHttpHeaders };
  expect(headers.authorization).toBe('Bearer t0ken');
  expect(JSON.stringify(headers)).not.toMatch(/traceparent|correlation|c{32}|a{32}/);
});

test('its requests belong to no request: whoever makes spans of outgoing calls is asked to make none', async () => {
  const seen: (Context | undefined)[] = [];
  const look = (): void => void seen.push(store.getStore());
  subscribe('http.client.request.start', look);
  const context = new Context({ correlationId: 'c', traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }, undefined);
  store.run(context, () => void polling());
  await first();
  unsubscribe('http.client.request.start', look);
  expect(seen).toEqual([undefined]);
});

test('a server is trusted by the certificates that are given', async () => {
  const secure = createSecureServer(certificate, (_request, response) => response.end(documentOf('ENABLED')));
  await new Promise<void>((resolve) => secure.listen(0, resolve));
  const url = `https://localhost:${(secure.address() as AddressInfo).port}/`;
  const trusting = http(url, { tls: { ca: certificate.cert } });
  const wary = http(url);
  running.push(trusting, wary);
  const other = new RecordingSink();
  trusting.start(sink);
  wary.start(other);
  await until(() => sink.heard > 0 && other.heard > 0);
  expect(sink.applied).toBe(1);
  expect(other.failures).toEqual([expect.stringMatching(/self[- ]signed/)]);
  secure.close();
  secure.closeAllConnections();
});

test('what is no text in UTF-8, or too large, or a 304 that nobody asked for, is told as that', async () => {
  const { next } = polling();
  for (const behaviour of ['bytes that are no text', '200 MB, announced', 'endless 304', 'redirect'] as const) {
    service.behave(behaviour);
    await next();
  }
  expect(new Set(sink.failures.slice(-4))).toEqual(
    new Set([
      'the body is not UTF-8',
      'the body has more than 5 MB, which is refused',
      'HTTP 304 although no ETag was sent',
      'HTTP 302: redirects are not followed, give the final address',
    ]),
  );
});

test('a document of 5 MB is taken, and one byte more is not', async () => {
  let size = 5 * 1024 * 1024;
  const body = (): string => documentOf('ENABLED').padEnd(size);
  const server = createServer((_request, response) => {
    response.write(body()); // so that no length is announced
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const large = http(url);
  running.push(large);
  large.start(sink);
  await first();
  expect(sink.applied).toBe(1);
  size++;
  sink = new RecordingSink();
  large.start(sink);
  await first();
  expect(sink.applied).toBe(0);
  server.close();
  server.closeAllConnections();
});
