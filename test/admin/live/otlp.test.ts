import http from 'node:http';
import { gzipSync } from 'node:zlib';
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
  const send = (body: Buffer, headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      http
        .request(
          { host: '127.0.0.1', port: here.port, path: '/v1/traces', method: 'POST', agent: elsewhere, headers },
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

describe('the intake', () => {
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
