import http from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { ObserveOptions } from '../../src/config/options.js';
import { plainCalls } from './calls.js';
import { listen, observing, request, stopAll } from './harness.js';

afterEach(stopAll);

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const TRACESTATE = 'vendor=1,other=2';

/** The trace headers of a call that a request's handler makes. */
async function passedOn(
  headers: Record<string, string>,
  call: (url: string) => Promise<unknown>,
  options: ObserveOptions = {},
): Promise<http.IncomingHttpHeaders> {
  observing({ traces: false, ...options });
  let arrived: http.IncomingHttpHeaders = {};
  const inner = await listen(
    http.createServer(({ headers: { traceparent, tracestate } }, response) => {
      arrived = { ...(traceparent && { traceparent }), ...(tracestate && { tracestate }) };
      response.end('ok');
    }),
  );
  const outer = await listen(
    http.createServer(async (_request, response) => {
      await call(`http://127.0.0.1:${inner}/`);
      response.end('ok');
    }),
  );
  await request(outer, '/', { headers });
  return arrived;
}

const fetched = async (url: string): Promise<unknown> => (await fetch(url)).text();

describe('while traces are off, the trace context of a request', () => {
  test.each(Object.entries(plainCalls))('goes on unchanged with a call by %s', async (_name, call) => {
    const headers = { traceparent: TRACEPARENT, tracestate: TRACESTATE };
    expect(await passedOn(headers, call)).toEqual(headers);
  });

  test('of a later version goes on with all that it has', async () => {
    const headers = { traceparent: `${TRACEPARENT.replace('00', 'cc')}-more` };
    expect(await passedOn(headers, fetched)).toEqual(headers);
  });

  test.each([
    ['none', {}],
    ['an illegal traceparent', { traceparent: TRACEPARENT.toUpperCase(), tracestate: TRACESTATE }],
    ['a tracestate alone', { tracestate: TRACESTATE }],
  ])('is not made up: %s', async (_name, headers) => {
    expect(await passedOn(headers, fetched)).toEqual({});
  });

  test('goes on without a tracestate that is illegal', async () => {
    expect(await passedOn({ traceparent: TRACEPARENT, tracestate: 'no member' }, fetched)).toEqual({
      traceparent: TRACEPARENT,
    });
  });

  test('goes to no host that is not allowed', async () => {
    const options = { http: { propagateTo: ['localhost'] } };
    expect(await passedOn({ traceparent: TRACEPARENT }, fetched, options)).toEqual({});
  });

  test('leaves one that the call has itself alone', async () => {
    const own = TRACEPARENT.replace('4bf9', 'aaaa');
    const call = async (url: string): Promise<unknown> => (await fetch(url, { headers: { traceparent: own } })).text();
    expect(await passedOn({ traceparent: TRACEPARENT }, call)).toEqual({ traceparent: own });
  });
});
