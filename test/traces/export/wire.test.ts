import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Ajv } from 'ajv';
import protobuf from 'protobufjs';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import type { TraceOptions } from '../../../src/config/trace-options.js';
import { tracesConfig } from '../../../src/config/traces.js';
import type { SendResult } from '../../../src/traces/export/span-sender.js';
import { certificate } from '../../support/certificate.js';
import { conformance } from '../exporters/conformance.js';
import { type span, spans, TRACE } from '../exporters/spans.js';
import { Collector, type Received } from './collector.js';

const folder = mkdtempSync(join(tmpdir(), 'fourlights-wire-'));
const authority = join(folder, 'ca.pem');
writeFileSync(authority, certificate.cert);
afterAll(() => rmSync(folder, { recursive: true }));

const collectors: Collector[] = [];
afterEach(async () => {
  for (const collector of collectors.splice(0)) await collector.close();
});

async function collecting(settings?: { readonly secure: boolean }): Promise<Collector> {
  const collector = await new Collector(settings).listen();
  collectors.push(collector);
  return collector;
}

/** Sent by what the options and the environment say, as a service would. */
async function sent(env: Readonly<Record<string, string>>, options: TraceOptions = {}): Promise<SendResult> {
  const sender = tracesConfig(options, env)?.sender;
  if (sender === undefined) throw new Error('no exporter');
  try {
    return await sender.send(spans(3), new AbortController().signal);
  } finally {
    sender.close?.();
  }
}

interface Exported {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly { readonly name: string; readonly traceId: unknown }[] }[];
  }[];
}

const proto = (name: string): protobuf.Type =>
  protobuf.Root.fromJSON(JSON.parse(conformance.read('otlp/opentelemetry-proto.json'))).lookupType(
    `opentelemetry.proto.collector.trace.v1.${name}`,
  );
const decoded = (body: Buffer): Exported => {
  const type = proto('ExportTraceServiceRequest');
  const { resourceSpans } = type.toObject(type.decode(body)) as Exported;
  return { resourceSpans };
};
const named = ({ resourceSpans }: Exported): string[] =>
  resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans.map(({ name }) => name)));

const NAMES = spans(3).map(({ name }) => name);

describe('what the variables of OTLP say is what a collector receives', () => {
  const plain = ({ headers, body }: Received): Buffer =>
    headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;

  test('by default JSON, not compressed, to the path of traces below the base', async () => {
    const collector = await collecting();
    expect(await sent({ OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/base/` })).toMatchObject({ status: 'accepted' });
    const [received] = collector.requests as [Received];
    expect(received).toMatchObject({ url: '/base/v1/traces', headers: { 'content-type': 'application/json' } });
    expect(received.headers).not.toHaveProperty('content-encoding');
    expect(named(JSON.parse(received.body.toString()))).toEqual(NAMES);
  });

  test('its own endpoint as it is, its own headers over the common ones', async () => {
    const collector = await collecting();
    await sent({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9/not-this-one',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/intake?x=1`,
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=common,team=shop%20floor',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'api-key=own',
    });
    expect(collector.requests).toMatchObject([
      { url: '/intake?x=1', headers: { 'api-key': 'own', team: 'shop floor' } },
    ]);
  });

  test('gzip', async () => {
    const collector = await collecting();
    await sent({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' });
    const [received] = collector.requests as [Received];
    expect(received.headers['content-encoding']).toBe('gzip');
    expect(named(JSON.parse(plain(received).toString()))).toEqual(NAMES);
  });

  test('a certificate of its own: trusted with it, refused without', async () => {
    const collector = await collecting({ secure: true });
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
    expect(await sent(env)).toMatchObject({ status: 'retryable', reason: expect.stringMatching(/self[- ]signed/) });
    expect(await sent({ ...env, OTEL_EXPORTER_OTLP_CERTIFICATE: authority })).toMatchObject({ status: 'accepted' });
    expect(collector.spanIds).toHaveLength(3);
  });

  describe.skipIf(conformance.absent)(`protobuf, read by protobufjs ${conformance.needs}`, () => {
    test.each(['none', 'gzip'])('compression %s', async (compression) => {
      const collector = await collecting();
      await sent({
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf',
        OTEL_EXPORTER_OTLP_COMPRESSION: compression,
      });
      const [received] = collector.requests as [Received];
      expect(received.headers['content-type']).toBe('application/x-protobuf');
      expect(named(decoded(plain(received)))).toEqual(NAMES);
    });

    test('a partial success is understood in it too', async () => {
      const collector = await collecting();
      const partialSuccess = { rejectedSpans: 2, errorMessage: 'too old' };
      const reply = proto('ExportTraceServiceResponse').encode({ partialSuccess }).finish();
      collector.reply = { type: 'application/x-protobuf', body: Buffer.from(reply) };
      const result = await sent({}, { endpoint: collector.url, protocol: 'http/protobuf' });
      expect(result).toMatchObject({ status: 'accepted', rejected: 2, reason: expect.stringContaining('too old') });
    });
  });
});

test.skipIf(conformance.absent)(
  `Zipkin receives what its schema allows, at its own path ${conformance.needs}`,
  async () => {
    const collector = await collecting();
    await sent({}, { exporter: 'zipkin', endpoint: collector.url });
    const [{ url, headers, body }] = collector.requests as [Received];
    expect([url, headers['content-type']]).toEqual(['/api/v2/spans', 'application/json']);
    const ajv = new Ajv({ strict: false, validateFormats: false });
    ajv.addSchema(parse(conformance.read('zipkin/zipkin2-api.yaml')), 'api');
    const list = JSON.parse(body.toString());
    expect(ajv.getSchema('api#/definitions/ListOfSpans')?.(list)).toBe(true);
    expect(list).toMatchObject(NAMES.map((name) => ({ name, traceId: TRACE })));
  },
);

test('the console has a line of JSON for each span', async () => {
  const lines = vi.spyOn(console, 'log').mockReturnValue();
  await sent({ OTEL_TRACES_EXPORTER: 'console' });
  const told = lines.mock.calls.map(([line]) => JSON.parse(line));
  lines.mockRestore();
  expect(told).toMatchObject(NAMES.map((name) => ({ span: name, trace_id: TRACE, kind: 'server', duration_ms: 1500 })));
  expect(told[0].start).toBe('2018-12-13T14:51:00.300Z');
});

describe('an OpenTelemetry SpanExporter', () => {
  test('is given the very spans, one batch at a time', async () => {
    const given: unknown[] = [];
    const exporter = {
      export(list: readonly unknown[], done: (result: { code: number }) => void): void {
        given.push(...list);
        done({ code: 0 });
      },
    };
    expect(await sent({}, { exporter })).toEqual({ status: 'accepted', rejected: 0 });
    expect(given.map((each) => (each as ReturnType<typeof span>).name)).toEqual(NAMES);
  });

  test('that fails is believed: its spans are lost, by its reason', async () => {
    const exporter = {
      export: (_list: readonly unknown[], done: (result: { code: number; error: Error }) => void): void =>
        done({ code: 1, error: new Error('disk full') }),
    };
    expect(await sent({}, { exporter })).toEqual({ status: 'rejected', reason: 'disk full' });
  });
});
