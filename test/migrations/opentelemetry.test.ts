import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stage, start } from './app.js';

interface Span {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes?: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly status?: { readonly code?: number };
}

interface Export {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
}

const KINDS = ['', 'internal', 'server', 'client'];
const ATTRIBUTES = ['http.request.method', 'http.route', 'http.response.status_code', 'url.path', 'url.scheme'];
const CLIENT_TRACE = '0af7651916cd43dd8448eb211c80319c';
const CLIENT_SPAN = 'b7ad6b7169203331';

async function bodyOf(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

/** Of one span what is the same whoever made it; its parent by name. */
function told(span: Span, all: readonly Span[]): Readonly<Record<string, unknown>> {
  const parent = all.find(({ spanId }) => spanId === span.parentSpanId);
  const values = (span.attributes ?? [])
    .filter(({ key }) => ATTRIBUTES.includes(key) && KINDS[span.kind] === 'server')
    .map(({ key, value }) => [key, String(Object.values(value)[0])]);
  return {
    name: span.name,
    kind: KINDS[span.kind],
    parent: parent?.name ?? span.parentSpanId ?? null,
    failed: span.status?.code === 2,
    ...Object.fromEntries(values.sort()),
  };
}

describe('from OpenTelemetry with auto-instrumentation', () => {
  let spans: Span[] = [];
  const calls: (string | undefined)[] = [];
  const collector = createServer(async (request, response) => {
    const { resourceSpans }: Export = JSON.parse(await bodyOf(request));
    spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    response.end('{}');
  });
  const stock = createServer((request, response) => {
    calls.push(request.headers['traceparent'] as string | undefined);
    response.end();
  });
  const urlOf = (server: typeof stock): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  beforeAll(async () => {
    for (const server of [collector, stock])
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    collector.close();
    stock.close();
  });

  /** Spans of two requests, the first of them with a trace of its client's. */
  async function traced(stage: Stage): Promise<readonly Span[]> {
    spans = [];
    calls.length = 0;
    const app = await start(`opentelemetry/${stage}.cjs`, {
      STOCK_URL: urlOf(stock),
      LOG_LEVEL: 'silent',
      OTEL_SERVICE_NAME: 'shop',
      OTEL_EXPORTER_OTLP_ENDPOINT: urlOf(collector),
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_SEMCONV_STABILITY_OPT_IN: 'http', // the instrumentation's old names are as old as that
    });
    const traceparent = `00-${CLIENT_TRACE}-${CLIENT_SPAN}-01`;
    await (await app.get('/carts/ada', { headers: { traceparent } })).text();
    await (await app.get('/broken')).text();
    await app.stop(); // SIGTERM: what is queued is sent
    return spans;
  }

  const request = { kind: 'server', 'http.request.method': 'GET', 'url.scheme': 'http' };
  const EXPECTED = [
    { name: 'GET', kind: 'client', parent: 'price_cart', failed: false },
    {
      ...request,
      ...{ name: 'GET /broken', parent: null, failed: true },
      ...{ 'http.response.status_code': '500', 'http.route': '/broken', 'url.path': '/broken' },
    },
    {
      ...request,
      ...{ name: 'GET /carts/:user', parent: CLIENT_SPAN, failed: false },
      ...{ 'http.response.status_code': '200', 'http.route': '/carts/:user', 'url.path': '/carts/ada' },
    },
    { name: 'price_cart', kind: 'internal', parent: 'GET /carts/:user', failed: false },
  ];

  test.each(['before', 'beside', 'after'] as const)(
    "%s, the same spans arrive, in the client's trace",
    async (stage) => {
      const all = await traced(stage);
      // Express's instrumentation has a span of each middleware and handler as well, within which the own ones are.
      const own = all.filter(({ attributes }) => !attributes?.some(({ key }) => key === 'express.type'));
      const seen = own
        .map((span) => told(span, all))
        .sort((a, b) => String(a['name']).localeCompare(String(b['name'])));
      const within = (span: (typeof EXPECTED)[number]): (typeof EXPECTED)[number] =>
        stage !== 'after' && span.name === 'price_cart' ? { ...span, parent: 'request handler' } : span;
      expect(seen).toEqual(EXPECTED.map(within));
      const call = own.find(({ kind }) => KINDS[kind] === 'client');
      expect(calls).toEqual([`00-${CLIENT_TRACE}-${call?.spanId}-01`]);
    },
  );
});
