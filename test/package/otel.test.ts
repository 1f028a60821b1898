import { describe, expect, test } from 'vitest';
import { jsonLines, run } from './program.js';

const HARNESS = `
  import { createRequire } from 'node:module';
  const require = createRequire(process.cwd() + '/x.js');
  const fromSdk = createRequire(require.resolve('@opentelemetry/sdk-node'));
  const api = require('@opentelemetry/api');
  const finished = [];
  const processor = { onStart() {}, onEnd: (span) => void finished.push(span), forceFlush: async () => {}, shutdown: async () => {} };
  /** OpenTelemetry as an application sets it up, its http instrumentation included. */
  function theirs({ http = true } = {}) {
    const { NodeSDK } = require('@opentelemetry/sdk-node');
    const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
    process.env.OTEL_METRICS_EXPORTER = process.env.OTEL_LOGS_EXPORTER = 'none';
    new NodeSDK({ serviceName: 'theirs', spanProcessors: [processor], instrumentations: http ? [new HttpInstrumentation()] : [], autoDetectResources: false }).start();
    require('http');
  }
  /** One request that makes a call; tells what was seen. */
  async function oneRequest(fourlights) {
    const http = require('http');
    const inner = http.createServer((request, response) => { seen.traceparent = request.headers.traceparent; response.end(); }).listen(0, '127.0.0.1');
    const seen = {};
    const server = http.createServer((request, response) => {
      fourlights.log.info('inside');
      seen.active = api.trace.getActiveSpan()?.spanContext();
      request.on('data', () => {}).on('end', () => {
        seen.inBody = api.trace.getActiveSpan()?.spanContext().spanId;
        fourlights.span('work', () => http.get({ port: inner.address().port, host: '127.0.0.1', agent: false }, (answer) => answer.resume().on('end', () => response.end())));
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await new Promise((resolve) => {
      const socket = require('net').connect(server.address().port, '127.0.0.1');
      socket.on('close', resolve).resume().write('POST /a HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\nContent-Length: 2\\r\\n\\r\\nab');
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    server.close(); inner.close();
    tell(seen);
  }
  function tell(seen) {
    const flat = finished.map((span) => ({ name: span.name, kind: span.kind, id: span.spanContext().spanId, trace: span.spanContext().traceId, parent: span.parentSpanContext?.spanId ?? null, scope: span.instrumentationScope.name }));
    console.log(JSON.stringify({ seen, spans: flat }));
  }`;

interface Told {
  readonly seen: { readonly traceparent: string; readonly active: { traceId: string; spanId: string }; inBody: string };
  readonly spans: { name: string; kind: number; id: string; trace: string; parent: string | null; scope: string }[];
}

async function told(code: string) {
  const { stdout, stderr, code: exitCode } = await run(`${HARNESS}\n${code}`);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  const lines = jsonLines(stdout);
  return {
    lines,
    notices: lines.filter((line) => line['event'] === 'fourlights_notice').map((line) => line['code']),
    inside: lines.find((line) => line['event'] === 'inside'),
    ...(lines.find((line) => 'seen' in line) as unknown as Told),
  };
}

const SERVER = 1;
const CLIENT = 2;

describe("with OpenTelemetry's http instrumentation in the application, there is one server span per request", () => {
  test.each([
    [
      'set up before us',
      `theirs(); const fourlights = require('fourlights'); fourlights.observe({ service: 'ours' });`,
    ],
    [
      'set up after our package was loaded, before observe()',
      `const fourlights = require('fourlights'); theirs(); fourlights.observe({ service: 'ours' });`,
    ],
  ])('%s', async (_order, setUp) => {
    const { notices, spans, seen, inside } = await told(`${setUp}\nawait oneRequest(fourlights);`);
    const servers = spans.filter(({ kind, name }) => kind === SERVER && name.startsWith('POST'));
    expect(servers).toHaveLength(1);
    expect(inside).toMatchObject({
      trace_id: servers[0]?.trace,
      span_id: servers[0]?.id,
      correlation_id: servers[0]?.trace,
    });
    expect(seen.active.spanId).toBe(servers[0]?.id);
    expect(seen.inBody).toBe(servers[0]?.id);
    const work = spans.find(({ name }) => name === 'work');
    expect(work?.parent).toBe(servers[0]?.id);
    const calls = spans.filter(({ kind, trace }) => kind === CLIENT && trace === servers[0]?.trace);
    expect(calls).toHaveLength(1);
    expect(seen.traceparent).toContain(calls[0]?.id);
    expect(notices).toEqual(['two server spans']);
  });
});

test("with a provider of the application's own and no such instrumentation, our spans are made by it", async () => {
  const { spans, seen, inside, notices } = await told(`
    theirs({ http: false });
    const fourlights = require('fourlights');
    fourlights.observe({ service: 'ours' });
    await oneRequest(fourlights);`);
  const server = spans.find(({ kind, name }) => kind === SERVER && name === 'POST');
  expect(server?.scope).toBe('fourlights');
  expect(inside).toMatchObject({ trace_id: server?.trace, span_id: server?.id });
  expect(seen.active.spanId).toBe(server?.id);
  expect(seen.inBody).toBe(server?.id);
  expect(spans.find(({ name }) => name === 'work')?.parent).toBe(server?.id);
  expect(seen.traceparent).toContain(spans.find(({ kind, name }) => kind === CLIENT && name === 'GET')?.id);
  expect(notices).toEqual([]);
});

test('spans of an instrumentation given to observe() stand in ours, and ours in them, and are in the same ledger', async () => {
  const { spans, inside, lines, notices } = await told(`
    const fourlights = require('fourlights');
    const { ExpressInstrumentation } = require('@opentelemetry/instrumentation-express');
    const exporter = { export: (spans, done) => { finished.push(...spans); done({ code: 0 }); }, shutdown: async () => {} };
    fourlights.observe({ service: 'ours', traces: { exporter, instrumentations: [new ExpressInstrumentation()] } });
    const app = require('express')();
    app.get('/carts/:user', (request, response) => {
      fourlights.log.info('inside');
      fourlights.span('work', () => response.end());
    });
    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.on('listening', resolve));
    await (await fetch('http://127.0.0.1:' + server.address().port + '/carts/ada')).text();
    server.close();
    server.closeAllConnections();
    console.log(JSON.stringify({ ledger: (await fourlights.shutdown()).spans }));
    tell({});`);
  const byName = (name: string) => spans.find((span) => span.name === name);
  const [server, handler, work] = ['GET /carts/:user', 'request handler', 'work'].map(byName);
  expect(server?.scope).toBe('fourlights');
  expect(handler).toMatchObject({ scope: '@opentelemetry/instrumentation-express', parent: server?.id });
  expect(work).toMatchObject({ scope: 'fourlights', parent: handler?.id, trace: server?.trace });
  expect(inside).toMatchObject({ trace_id: server?.trace, span_id: handler?.id, correlation_id: server?.trace });
  expect(lines.find((line) => 'ledger' in line)?.['ledger']).toMatchObject({ ended: 4, delivered: 4 });
  expect(notices).toEqual([]);
});

test('with traces off, neither the SDK nor the API of OpenTelemetry is loaded', async () => {
  const { stdout } = await run(`
    import { createRequire } from 'node:module';
    import http from 'node:http';
    const require = createRequire(process.cwd() + '/x.js');
    const { observe, shutdown, span } = require('fourlights');
    observe({ log: { level: 'silent' } });
    const server = http.createServer((request, response) => response.end(span('work', () => 'done'))).listen(0, '127.0.0.1', async () => {
      await (await fetch('http://127.0.0.1:' + server.address().port)).text();
      server.close();
      server.closeAllConnections();
      await shutdown();
      const loaded = Object.keys(require.cache).filter((path) => path.includes('opentelemetry'));
      console.log(JSON.stringify({ loaded }));
    });`);
  expect(jsonLines(stdout)).toEqual([{ loaded: [] }]);
});
