import http from 'node:http';
import { gzipSync } from 'node:zlib';
import protobuf from 'protobufjs';
import { afterEach, describe, expect, test } from 'vitest';
import type { RequestAnswer } from '../../../src/admin/api/request.js';
import type { FinishedSpan } from '../../../src/traces/export/finished-span.js';
import { encodeOtlpProtobuf } from '../../../src/traces/exporters/otlp-protobuf.js';
import { traceRequest } from '../../../src/traces/exporters/otlp-request.js';
import { listen, request } from '../../http/harness.js';
import { asking, elsewhere, stopAsking } from './asking.js';

afterEach(stopAsking);

const TRACE = '0af7651916cd43dd8448eb211c80319c';

/** A span as a service in another language would have it. */
function theirs(traceId: string, spanId: string, parent: string | undefined, failed = false): FinishedSpan {
  return {
    name: 'SELECT stock',
    kind: 2,
    spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
    parentSpanContext: parent === undefined ? undefined : { traceId, spanId: parent, traceFlags: 1 },
    startTime: [1_790_000_000, 250_000_000],
    endTime: [1_790_000_000, 262_500_000],
    duration: [0, 12_500_000],
    status: failed ? { code: 2, message: 'lock timeout' } : { code: 0 },
    attributes: { 'db.system.name': 'postgresql', rows: 3, share: 0.25, hit: true, tags: ['a', 'b'] },
    events: [{ name: 'retried', time: [1_790_000_000, 255_000_000], attributes: { attempt: 2 } }],
    links: [],
    resource: { attributes: { 'service.name': 'stock' } },
    instrumentationScope: { name: 'python' },
  };
}

const ways: [string, Record<string, string>, (spans: FinishedSpan[]) => Buffer][] = [
  ['JSON', { 'content-type': 'application/json' }, (spans) => Buffer.from(JSON.stringify(traceRequest(spans)))],
  ['protobuf', { 'content-type': 'application/x-protobuf' }, encodeOtlpProtobuf],
  [
    'protobuf in gzip',
    { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
    (spans) => gzipSync(encodeOtlpProtobuf(spans)),
  ],
];

async function taking() {
  const here = await asking({ traces: {}, admin: { otlp: true } });
  const send = (body: Buffer, headers: Record<string, string>, path = '/v1/traces') =>
    new Promise<number>((resolve, reject) => {
      http
        .request(
          { host: '127.0.0.1', port: here.port, path, method: 'POST', agent: elsewhere, headers },
          (response) => {
            response.resume();
            resolve(response.statusCode ?? 0);
          },
        )
        .on('error', reject)
        .end(body);
    });
  return { ...here, send };
}

describe.each(ways)('spans in %s', (_name, headers, encode) => {
  test('join the trace that is kept here, in one waterfall', async () => {
    const { send, ask, observed } = await taking();
    const port = await listen(http.createServer((_incoming, response) => response.end()));
    await request(port, '/', { agent: elsewhere, headers: { traceparent: `00-${TRACE}-b7ad6b7169203331-01` } });
    await observed.recorded(1);
    const [ours] = observed.observability.traces.kept();
    const traceId = ours?.traceId ?? '';
    const parent = ours?.spans.at(-1)?.spanContext().spanId;
    expect(await send(encode([theirs(traceId, '00f067aa0ba902b7', parent)]), headers)).toBe(200);
    expect(await send(encode([theirs(traceId, '00f067aa0ba902b7', parent)]), headers)).toBe(200); // sent once more
    const answer: RequestAnswer = JSON.parse((await ask(`/api/request?id=${traceId}`)).body);
    const spans = answer.spans.filter(({ service }) => service === 'stock');
    expect(spans).toMatchObject([
      { id: '00f067aa0ba902b7', parent, name: 'SELECT stock', kind: 'client', ms: 12.5, failed: false },
    ]);
    expect(spans[0]?.attributes).toEqual([
      ['db.system.name', 'postgresql'],
      ['rows', '3'],
      ['share', '0.25'],
      ['hit', 'true'],
      ['tags', '["a","b"]'],
    ]);
    expect(spans[0]?.events).toMatchObject([{ name: 'retried', attributes: [['attempt', '2']] }]);
  });

  test('of a trace that is not known here are kept by themselves, a failed one as failed', async () => {
    const { send, ask } = await taking();
    await send(encode([theirs(TRACE, '00f067aa0ba902b7', undefined, true)]), headers);
    const { requests } = JSON.parse((await ask('/api/requests')).body);
    expect(requests).toMatchObject([{ id: TRACE, because: 'error', name: 'SELECT stock', failed: true }]);
  });
});

/** A log record as a service in another language would have it; times are of 2026. */
const record = (traceId: string, more: object) => ({
  timeUnixNano: '1790000000260000000',
  severityNumber: 17,
  severityText: 'ERROR',
  body: { stringValue: 'lock timeout' },
  attributes: [
    { key: 'correlation_id', value: { stringValue: 'c-1' } },
    { key: 'table', value: { stringValue: 'stock' } },
    { key: 'level', value: { intValue: '3' } },
  ],
  traceId,
  spanId: '00f067aa0ba902b7',
  ...more,
});

const logsOf = (...logRecords: readonly object[]) => ({
  resourceLogs: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'stock' } }] },
      scopeLogs: [{ scope: { name: 'python' }, logRecords }],
    },
  ],
});

describe.each([
  ['JSON', 'application/json', (given: object) => Buffer.from(JSON.stringify(given))],
  ['protobuf', 'application/x-protobuf', protobufLogs],
] as const)('log records in %s', (_name, type, encode) => {
  test('stand among the lines of their trace, written as ours are', async () => {
    const { send, ask } = await taking();
    await send(Buffer.from(JSON.stringify(traceRequest([theirs(TRACE, '00f067aa0ba902b7', undefined)]))), {
      'content-type': 'application/json',
    });
    const body = encode(logsOf(record(TRACE, {}), record(TRACE, { eventName: 'retried', severityNumber: 9 })));
    expect(await send(body, { 'content-type': type }, '/v1/logs')).toBe(200);
    const { lines }: RequestAnswer = JSON.parse((await ask(`/api/request?id=${TRACE}`)).body);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        timestamp: '2026-09-21T14:13:20.260Z',
        level: 'error',
        event: 'lock timeout',
        service: 'stock',
        correlation_id: 'c-1',
        trace_id: TRACE,
        span_id: '00f067aa0ba902b7',
        table: 'stock',
        'field.level': 3,
      },
      expect.objectContaining({ level: 'info', event: 'retried' }),
    ]);
  });
});

/** By an encoder that is not ours. */
function protobufLogs(given: object): Buffer {
  const { root } = protobuf.parse(`
    syntax = "proto3";
    message Request { repeated ResourceLogs resource_logs = 1; }
    message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; }
    message Resource { repeated KeyValue attributes = 1; }
    message ScopeLogs { Scope scope = 1; repeated LogRecord log_records = 2; }
    message Scope { string name = 1; }
    message KeyValue { string key = 1; AnyValue value = 2; }
    message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; } }
    message LogRecord { fixed64 time_unix_nano = 1; int32 severity_number = 2; string severity_text = 3; AnyValue body = 5;
      repeated KeyValue attributes = 6; bytes trace_id = 9; bytes span_id = 10; string event_name = 12; }`);
  const asBytes = (name: string, value: unknown) =>
    /^(trace|span)Id$/.test(name) ? Buffer.from(String(value), 'hex') : value;
  const message = JSON.parse(JSON.stringify(given), (name, value) => asBytes(name, value));
  const type = root.lookupType('Request');
  return Buffer.from(type.encode(type.fromObject(message)).finish());
}

describe('the intake', () => {
  test('passes over log records of no trace, and says how many', async () => {
    const { ask } = await taking();
    const body = JSON.stringify(logsOf(record('', {}), record(TRACE, { timeUnixNano: 'soon' }), record(TRACE, {})));
    const answer = await ask('/v1/logs', { method: 'POST', headers: { 'content-type': 'application/json' } }, body);
    expect(JSON.parse(answer.body)).toEqual({ partialSuccess: { rejectedLogRecords: '2' } });
  });

  test('is not there unless it was asked for', async () => {
    const { ask } = await asking({ traces: {} });
    expect(
      (await ask('/v1/traces', { method: 'POST', headers: { 'content-type': 'application/json' } }, '{}')).status,
    ).toBe(404);
  });

  test('refuses what is no OTLP, and what a page of another site sends', async () => {
    const { send, ask } = await taking();
    const json = { 'content-type': 'application/json' };
    expect(await send(Buffer.from('{'), json)).toBe(400);
    expect(await send(Buffer.from([0x0a, 0xff]), { 'content-type': 'application/x-protobuf' })).toBe(400);
    expect(await send(Buffer.from('no gzip'), { ...json, 'content-encoding': 'gzip' })).toBe(400);
    expect(await send(Buffer.from('{}'), { 'content-type': 'text/plain' })).toBe(415);
    expect(await send(Buffer.from('{}'), { ...json, origin: 'https://evil.example' })).toBe(403);
    expect(await send(Buffer.alloc(5_000_000), json)).toBe(413);
    expect((await ask('/v1/traces')).status).toBe(405);
  });

  test('passes over spans without usable IDs, and says how many', async () => {
    const { ask } = await taking();
    const spans = [{ traceId: 'x', spanId: 'y' }, { traceId: TRACE, spanId: '0000000000000000' }, 7, null];
    const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }, 'no scope'] }, null] });
    const answer = await ask('/v1/traces', { method: 'POST', headers: { 'content-type': 'application/json' } }, body);
    expect(JSON.parse(answer.body)).toEqual({ partialSuccess: { rejectedSpans: '2' } });
    expect(JSON.parse((await ask('/api/requests')).body).requests).toEqual([]);
  });
});
