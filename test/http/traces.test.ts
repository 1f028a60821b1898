import { once } from 'node:events';
import http, { type IncomingMessage, type RequestListener } from 'node:http';
import { trace } from '@opentelemetry/api';
import { afterEach, describe, expect, test } from 'vitest';
import type { ObserveOptions } from '../../src/config/options.js';
import { context, span } from '../../src/instance.js';
import { log } from '../../src/parts/log.js';
import { type MemoryExporter, memoryExporter } from '../../src/testing/memory-exporter.js';
import type { FinishedSpan } from '../../src/traces/export/finished-span.js';
import type { ErrorHandler, Express, Response } from '../adapters/flavours.js';
import { connect, listen, observing, pause, stopAll } from './harness.js';

afterEach(stopAll);

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

function tracing(traces: ObserveOptions['traces'] = {}, http: ObserveOptions['http'] = {}) {
  const exporter = memoryExporter();
  const observed = observing({ http, traces: { exporter, ...traces } });
  return { ...observed, exporter };
}

const serving = (handler: RequestListener): Promise<number> => listen(http.createServer(handler));

/** By `node:http` itself, outside of any request: headers as given, and none of ours. */
async function get(port: number, path = '/', headers: Record<string, string> = {}): Promise<number> {
  const request = http.get({ port, path, headers, host: '127.0.0.1', agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response.statusCode ?? 0;
}

async function express(): Promise<Express> {
  const { default: load }: { readonly default: Express } = await import('express' as string);
  return load;
}

/** A port where nobody listens any more. */
async function refusedPort(): Promise<number> {
  const server = http.createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The spans, once so many are there. */
async function spansOf(exporter: MemoryExporter, count: number): Promise<readonly FinishedSpan[]> {
  for (let tries = 0; tries < 500 && exporter.spans.length < count; tries++) await pause(5);
  await pause(20);
  return exporter.spans;
}

const kindOf = (exporter: MemoryExporter, kind: number): FinishedSpan[] =>
  exporter.spans.filter((each) => each.kind === kind);
const [INTERNAL, SERVER, CLIENT] = [0, 1, 2];

describe('the span of a request', () => {
  test('has the route in its name, the attributes of the convention, and no value of the query', async () => {
    const { exporter, recorded } = tracing();
    const app = (await express())();
    app.get('/carts/:user', (_request: unknown, response: Response) => response.json({}));
    const port = await listen(http.createServer(app));
    await get(port, '/carts/ada?token=geheim&page=2', { 'user-agent': 'probe', 'x-correlation-id': 'order-7' });
    await recorded(1);
    const [server] = kindOf(exporter, SERVER);
    expect(server).toMatchObject({ name: 'GET /carts/:user', status: { code: 0 } });
    expect(server?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': '/carts/:user',
      'http.response.status_code': 200,
      'url.scheme': 'http',
      'url.path': '/carts/ada',
      'url.query': 'token=REDACTED&page=REDACTED',
      'server.port': port,
      'client.address': '127.0.0.1',
      'user_agent.original': 'probe',
      'network.protocol.version': '1.1',
      'fourlights.correlation_id': 'order-7',
    });
    expect(server?.resource.attributes).toMatchObject({
      'service.name': 'test',
      'service.version': '1',
      'deployment.environment.name': 'test',
    });
  });

  test('has the trace and span IDs of its log lines, and the trace ID is its correlation ID', async () => {
    const { exporter, recorded, lines } = tracing();
    const port = await serving((_request, response) => {
      log.info('inside');
      response.end();
    });
    await get(port);
    await recorded(1);
    const { traceId, spanId } = (kindOf(exporter, SERVER)[0] as FinishedSpan).spanContext();
    expect(lines()).toHaveLength(2);
    for (const line of lines()) {
      expect(line).toMatchObject({ trace_id: traceId, span_id: spanId, correlation_id: traceId });
    }
  });

  test('records what the handler threw, and its status', async () => {
    const { exporter, recorded } = tracing();
    const app = (await express())();
    app.get('/fail', () => {
      throw new RangeError('too far');
    });
    const answer: ErrorHandler = (_error, _request, response, _next) => void response.writeHead(500).end();
    app.use(answer);
    await get(await listen(http.createServer(app)), '/fail');
    await recorded(1);
    const [server] = kindOf(exporter, SERVER);
    expect(server?.status.code).toBe(2);
    expect(server?.attributes).toMatchObject({ 'http.response.status_code': 500, 'error.type': 'RangeError' });
    expect(server?.events[0]).toMatchObject({ name: 'exception', attributes: { 'exception.message': 'too far' } });
  });

  test('tells of a client that went away, which is no error', async () => {
    const { exporter, recorded } = tracing();
    const port = await serving(() => {});
    const request = http.get({ port, host: '127.0.0.1' }).on('error', () => {});
    setTimeout(() => request.destroy(), 50);
    await recorded(1);
    const [server] = kindOf(exporter, SERVER);
    expect(server?.status.code).toBe(0);
    expect(server?.attributes['fourlights.abort_phase']).toBe('before_headers');
    expect(server?.attributes).not.toHaveProperty('http.response.status_code');
    expect(server?.attributes['client.address']).toBe('127.0.0.1'); // asked while the connection was there
  });

  test('leaves a client the correlation ID that it chose, even one that looks like a trace ID', async () => {
    const { exporter, recorded } = tracing();
    const port = await serving((_request, response) => response.end());
    const client = await connect(port);
    client.end(`GET / HTTP/1.1\r\nHost: x\r\nX-Correlation-Id: ${TRACE}\r\nConnection: close\r\n\r\n`);
    const [answer] = (await once(client, 'data')) as [Buffer];
    expect(String(answer)).toContain(`x-correlation-id: ${TRACE}\r\n`);
    const [line] = await recorded(1);
    const [server] = kindOf(exporter, SERVER);
    expect(line).toMatchObject({ correlation_id: TRACE, trace_id: server?.spanContext().traceId });
  });

  test('is of what the client asked, whatever the application makes of its request', async () => {
    const { exporter, recorded } = tracing();
    const port = await serving((request, response) => {
      request.url = '/index.html';
      response.end();
    });
    await get(port, '/deep/link?tab=2');
    await recorded(1);
    expect(kindOf(exporter, SERVER)[0]?.attributes).toMatchObject({
      'url.path': '/deep/link',
      'url.query': 'tab=REDACTED',
    });
  });

  test('can be read while it is open, and is whole when the application ends it itself', async () => {
    const { exporter, recorded } = tracing();
    const seen: unknown[] = [];
    const port = await serving((request, response) => {
      const active = trace.getActiveSpan();
      if (request.url === '/read') seen.push((active as unknown as FinishedSpan).attributes['url.path']);
      else active?.end();
      response.end();
    });
    await get(port, '/read');
    await get(port, '/ended');
    await recorded(2);
    expect(seen).toEqual(['/read']);
    expect(kindOf(exporter, SERVER).map(({ attributes }) => attributes['url.path'])).toEqual(['/read', '/ended']);
  });

  test('keeps what the application has set on it', async () => {
    const { exporter, recorded } = tracing();
    const port = await serving((_request, response) => {
      trace.getActiveSpan()?.setAttributes({ 'url.path': '/as/told', tenant: 'acme' });
      response.end();
    });
    await get(port, '/secret/path');
    await recorded(1);
    expect(kindOf(exporter, SERVER)[0]?.attributes).toMatchObject({
      'url.path': '/as/told',
      tenant: 'acme',
      'url.scheme': 'http',
    });
  });
});

describe('the span of an outgoing call', () => {
  const ways: Record<string, (url: string) => Promise<unknown>> = {
    fetch: async (url) => (await fetch(url)).text(),
    'http.get': async (url) => {
      const [response] = (await once(http.get(url), 'response')) as [IncomingMessage];
      for await (const _ of response);
    },
    'http.request with headers as an array': async (url) => {
      const request = http.request(url, { headers: ['host', new URL(url).host] as never });
      request.end();
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      for await (const _ of response);
    },
  };

  test.each(Object.entries(ways))(
    'by %s is the child of its request and the parent of the next',
    async (_way, call) => {
      const { exporter, recorded } = tracing();
      const inner = await serving((_request, response) => void response.writeHead(404).end('none'));
      const outer = await serving(async (_request, response) => {
        await call(`http://127.0.0.1:${inner}/stock?sku=7`);
        response.end();
      });
      await get(outer);
      await recorded(2);
      await spansOf(exporter, 4);
      const client = exporter.spans.find(
        (each) => each.attributes['url.full'] === `http://127.0.0.1:${inner}/stock?sku=REDACTED`,
      );
      expect(client).toMatchObject({ name: 'GET', kind: CLIENT, status: { code: 2 } });
      expect(client?.attributes).toMatchObject({
        'server.address': '127.0.0.1',
        'server.port': inner,
        'http.response.status_code': 404,
        'error.type': '404',
      });
      const [first, second] = kindOf(exporter, SERVER).sort((a, b) => b.duration[1] - a.duration[1]);
      expect(client?.parentSpanContext?.spanId).toBe(first?.spanContext().spanId);
      expect(second?.parentSpanContext?.spanId).toBe(client?.spanContext().spanId);
      expect(new Set([client, first, second].map((each) => each?.spanContext().traceId)).size).toBe(1);
    },
  );

  test('lasts to the end of the answer, not to its head', async () => {
    const { exporter, recorded } = tracing();
    const inner = await serving((_request, response) => {
      response.write('first');
      setTimeout(() => response.end('last'), 120);
    });
    const outer = await serving(async (_request, response) => {
      await ways['http.get']?.(`http://127.0.0.1:${inner}/`);
      await ways['fetch']?.(`http://127.0.0.1:${inner}/`);
      response.end();
    });
    await get(outer);
    await recorded(3);
    await spansOf(exporter, 6);
    for (const client of kindOf(exporter, CLIENT)) expect(client.duration[1] / 1e6).toBeGreaterThan(110);
  });

  test.each(Object.keys(ways))('by %s tells the code of a failure', async (way) => {
    const { exporter, recorded } = tracing();
    const gone = await refusedPort();
    const outer = await serving(async (_request, response) => {
      await ways[way]?.(`http://127.0.0.1:${gone}/`).catch(() => {});
      response.end();
    });
    await get(outer);
    await recorded(1);
    const [client] = kindOf(exporter, CLIENT);
    expect(client?.status.code).toBe(2);
    expect(client?.attributes['error.type']).toBe('ECONNREFUSED');
  });

  test('that is given up is marked as aborted or by its error', async () => {
    const { exporter, recorded } = tracing();
    const silent = await serving(() => {});
    const outer = await serving(async (_request, response) => {
      const request = http.get(`http://127.0.0.1:${silent}/`);
      setTimeout(() => request.destroy(), 30);
      await once(request, 'close').catch(() => {});
      await fetch(`http://127.0.0.1:${silent}/`, { signal: AbortSignal.timeout(30) }).catch(() => {});
      response.end();
    });
    await get(outer);
    await recorded(3);
    await spansOf(exporter, 6);
    const clients = kindOf(exporter, CLIENT).filter((each) => each.attributes['server.port'] === silent);
    expect(clients.map((each) => each.attributes['error.type'])).toEqual([
      expect.stringMatching(/aborted|ECONNRESET/),
      expect.stringMatching(/TimeoutError|AbortError|aborted/),
    ]);
  });
});

describe('span()', () => {
  test('gives back what its function gives, sync or async, and nests', async () => {
    const { exporter } = tracing();
    expect(span('outer', () => span('inner', { attributes: { n: 1 } }, () => 7))).toBe(7);
    expect(await span('async', async () => span('within', async () => 'x'))).toBe('x');
    await spansOf(exporter, 4);
    const parentOf = (name: string): string | undefined => exporter.find(name)?.parentSpanContext?.spanId;
    expect(parentOf('inner')).toBe(exporter.find('outer')?.spanContext().spanId);
    expect(parentOf('within')).toBe(exporter.find('async')?.spanContext().spanId);
    expect(exporter.find('inner')).toMatchObject({ kind: INTERNAL, attributes: { n: 1 } });
  });

  test.each([
    [
      'thrown',
      (): never => {
        throw new TypeError('no');
      },
    ],
    [
      'rejected',
      async (): Promise<never> => {
        throw new TypeError('no');
      },
    ],
  ])('records an error that was %s, and it is the very same that comes out', async (_how, work) => {
    const { exporter } = tracing();
    await expect((async () => span('job', work))()).rejects.toThrow(new TypeError('no'));
    await spansOf(exporter, 1);
    expect(exporter.find('job')).toMatchObject({
      status: { code: 2, message: 'no' },
      attributes: { 'error.type': 'TypeError' },
    });
    const { events, endTime } = exporter.find('job') as FinishedSpan;
    expect(events.map(({ name, time }) => ({ name, time }))).toEqual([{ name: 'exception', time: endTime }]);
  });

  test('gives its ID to the log lines inside', async () => {
    const { exporter, lines } = tracing();
    span('job', () => log.info('inside'));
    await spansOf(exporter, 1);
    await pause(20);
    const { traceId, spanId } = (exporter.find('job') as FinishedSpan).spanContext();
    expect(lines()[0]).toMatchObject({ event: 'inside', trace_id: traceId, span_id: spanId });
  });

  test('just runs its function while traces are off', () => {
    observing({ traces: false });
    expect(span('job', (each) => each.setAttribute('a', 1).isRecording())).toBe(false);
  });

  test('without a function says so', () => {
    expect(() => span('job', {} as never)).toThrow(/span\("job"\): expected a function/);
  });
});

describe("what a client's trace headers are worth", () => {
  const headers = { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: 'vendor=1' };
  const answer = async (trust: NonNullable<ObserveOptions['http']>['trust'], ratio: number) => {
    const { exporter, recorded } = tracing({ ratio, keep: { slowerThan: 0 } }, { trust });
    const port = await serving((_request, response) => void response.end());
    await get(port, '/', headers);
    await recorded(1);
    await spansOf(exporter, 1);
    return kindOf(exporter, SERVER)[0] as FinishedSpan;
  };

  test('continue: its trace goes on, its sampling does not', async () => {
    const server = await answer('continue', 0);
    expect(server.spanContext()).toMatchObject({ traceId: TRACE, traceFlags: 0 });
    expect(server.parentSpanContext?.spanId).toBe(PARENT);
    expect(server.spanContext().traceState?.serialize()).toBe('vendor=1');
  });

  test('full: its sampling as well', async () => {
    const server = await answer('full', 0);
    expect(server.spanContext()).toMatchObject({ traceId: TRACE, traceFlags: 1 });
  });

  test('link: a trace of our own, with a link to it', async () => {
    const server = await answer('link', 1);
    expect(server.spanContext().traceId).not.toBe(TRACE);
    expect(server.parentSpanContext).toBeUndefined();
    expect(server.links[0]?.context).toMatchObject({ traceId: TRACE, spanId: PARENT });
  });

  test('a function decides by the request; one that throws means continue', async () => {
    const byHeader = await answer((request) => (request.headers['tracestate'] === undefined ? 'full' : 'link'), 1);
    expect(byHeader.links).toHaveLength(1);
    await stopAll();
    const thrown = await answer(() => {
      throw new Error('no');
    }, 0);
    expect(thrown.spanContext()).toMatchObject({ traceId: TRACE, traceFlags: 0 });
  });

  test('2000 requests that ask to be sampled, under a ratio of 1 % with 5 % errors: 1 % sampled, all errors kept', async () => {
    const { exporter, recorded, observability } = tracing({ ratio: 0.01 });
    let n = 0;
    const port = await serving((_request, response) => void response.writeHead(n++ % 20 === 0 ? 500 : 200).end());
    const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
    const one = async (i: number): Promise<void> => {
      const traceparent = `00-${(i + 1).toString(16).padStart(8, '0')}${crypto.randomUUID().replaceAll('-', '').slice(8)}-${PARENT}-01`;
      const request = http.get({ port, host: '127.0.0.1', agent, headers: { traceparent } });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      for await (const _ of response);
    };
    for (let i = 0; i < 2000; i += 50) await Promise.all(Array.from({ length: 50 }, (_, k) => one(i + k)));
    agent.destroy();
    await recorded(2000);
    await spansOf(exporter, 100);
    const servers = kindOf(exporter, SERVER);
    const sampled = servers.filter((each) => (each.spanContext().traceFlags & 1) === 1).length;
    const failed = servers.filter((each) => each.status.code === 2);
    console.info(`sampled ${sampled} of 2000 (${sampled / 20} %), errors kept ${failed.length} of 100`);
    expect(sampled).toBeGreaterThan(0); // by chance none once in 500 million runs
    expect(Math.abs(sampled / 2000 - 0.01)).toBeLessThan(0.02);
    expect(failed).toHaveLength(100);
    const { ended, delivered, dropped, queued } = observability.traces.ledger();
    expect(ended - delivered - queued - Object.values(dropped).reduce((sum, count) => sum + count, 0)).toBe(0);
  });
});

describe('other formats of headers', () => {
  test.each([
    ['b3', { b3: `${TRACE}-${PARENT}-1` }, 'b3'],
    ['b3multi', { 'x-b3-traceid': TRACE, 'x-b3-spanid': PARENT, 'x-b3-sampled': '1' }, 'x-b3-traceid'],
    [
      'xray',
      { 'x-amzn-trace-id': `Root=1-${TRACE.slice(0, 8)}-${TRACE.slice(8)};Parent=${PARENT};Sampled=1` },
      'x-amzn-trace-id',
    ],
  ] as const)('%s comes in and goes out, beside W3C', async (name, headers, sent) => {
    const { exporter, recorded } = tracing({ propagators: [name, 'tracecontext'] });
    let received: http.IncomingHttpHeaders = {};
    const inner = await serving((request, response) => {
      received = request.headers;
      response.end();
    });
    const outer = await serving(async (_request, response) => {
      await (await fetch(`http://127.0.0.1:${inner}/`)).text();
      response.end();
    });
    await get(outer, '/', headers);
    await recorded(2);
    expect(received[sent]).toContain(name === 'xray' ? TRACE.slice(8) : TRACE);
    expect(received['traceparent']).toContain(TRACE);
    expect(
      exporter.spans.every((each) => each.spanContext().traceId === TRACE || each.parentSpanContext === undefined),
    ).toBe(true);
  });

  test('baggage goes through, and a message carries trace and baggage to whoever takes it up', async () => {
    const { exporter, recorded } = tracing();
    let carrier: Record<string, string> = {};
    let received: string | undefined;
    const inner = await serving((request, response) => {
      received = String(request.headers['baggage']);
      response.end();
    });
    const outer = await serving(async (_request, response) => {
      carrier = context.inject({});
      await (await fetch(`http://127.0.0.1:${inner}/`)).text();
      response.end();
    });
    await get(outer, '/', { traceparent: `00-${TRACE}-${PARENT}-01`, baggage: 'tenant=acme' });
    await recorded(2);
    expect(received).toBe('tenant=acme');
    expect(carrier).toMatchObject({ 'x-correlation-id': TRACE, baggage: 'tenant=acme' });
    context.extract(carrier, () => span('job', () => log.info('job')));
    await spansOf(exporter, 5);
    const job = exporter.find('job');
    expect(job?.spanContext().traceId).toBe(TRACE);
    expect(carrier['traceparent']).toContain(String(job?.parentSpanContext?.spanId));
  });
});

describe('what is kept', () => {
  test('with nothing sampled: what failed, and what was slower than its own route used to be, with their lines', async () => {
    const { observability, recorded } = tracing({ ratio: 0 });
    const port = await serving((request, response) => {
      log.info({ url: request.url }, 'asked');
      if (request.url === '/slow') setTimeout(() => response.end(), 150);
      else response.writeHead(request.url === '/bad' ? 503 : 200).end();
    });
    for (let i = 0; i < 40; i++) await get(port);
    await get(port, '/bad');
    await get(port, '/slow');
    await recorded(42);
    const kept = observability.traces.kept();
    expect(kept.some(({ because, failed }) => because === 'error' && failed)).toBe(true);
    const slow = kept.find(({ because, durationMs }) => because === 'slow' && durationMs > 140);
    expect(slow?.lines.map((line) => JSON.parse(line).event)).toEqual(['asked', 'http_request']);
    expect(slow?.spans.at(-1)?.attributes['fourlights.kept']).toBe('slow');
  });

  test('with a fixed time: what took longer, whole, with nothing sampled', async () => {
    const { observability, exporter, recorded } = tracing({ ratio: 0, keep: { errors: false, slowerThan: 50 } });
    const port = await serving((request, response) => {
      log.info('asked');
      setTimeout(() => response.end(), request.url === '/slow' ? 150 : 0);
    });
    await get(port);
    await get(port, '/slow', { 'x-correlation-id': 'order-9' });
    await recorded(2);
    const kept = observability.traces.kept().find(({ because }) => because === 'slow');
    expect(kept).toMatchObject({ correlationId: 'order-9' });
    expect(kept?.lines.map((line) => JSON.parse(line).event)).toEqual(['asked', 'http_request']);
    expect(kindOf(exporter, SERVER).at(-1)?.attributes).toMatchObject({
      'url.path': '/slow',
      'http.response.status_code': 200,
      'fourlights.kept': 'slow',
    });
  });

  test('with keep: false the head alone decides', async () => {
    const { observability, exporter, recorded } = tracing({ ratio: 0, keep: false });
    await get(await serving((_request, response) => void response.writeHead(500).end()));
    await recorded(1);
    expect(exporter.spans).toEqual([]);
    expect(observability.traces.ledger().ended).toBe(0);
  });
});

test('instrumentations of the application get our provider, and http among them is left without work', async () => {
  const { HttpInstrumentation } = await import('@opentelemetry/instrumentation-http');
  const given = new HttpInstrumentation();
  const seen: unknown[] = [];
  const own = {
    instrumentationName: 'own',
    instrumentationVersion: '1',
    enable() {},
    disable() {},
    setTracerProvider: (provider: unknown) => void seen.push(provider),
    setMeterProvider() {},
    setConfig() {},
    getConfig: () => ({}),
  };
  const { exporter, recorded } = tracing({ instrumentations: [[given], own] });
  expect(seen).toHaveLength(1);
  expect(given.getConfig()).toMatchObject({ disableIncomingRequestInstrumentation: true });
  await get(await serving((_request, response) => void response.end()));
  await recorded(1);
  await spansOf(exporter, 1);
  expect(kindOf(exporter, SERVER)).toHaveLength(1);
});
