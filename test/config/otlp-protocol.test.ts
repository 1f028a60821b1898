import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config-error.js';
import { metricsConfig } from '../../src/config/metrics.js';
import type { TraceOptions } from '../../src/config/trace-options.js';
import { tracesConfig } from '../../src/config/traces.js';
import { hearing } from '../support/ledger.js';

const notices = hearing();
const [TRACES, COMMON] = ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'];

describe('the protocol of spans', () => {
  const types: (string | undefined)[] = [];
  let server: Server;
  beforeAll(async () => {
    server = createServer((request, response) => {
      types.push(request.headers['content-type']);
      request.resume().on('end', () => response.end());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => void server.close());

  /** What a receiver is sent. */
  async function sent(env: Record<string, string>, options?: TraceOptions): Promise<string | undefined> {
    const { port } = server.address() as AddressInfo;
    const config = tracesConfig(options, { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, ...env });
    const sender = config?.sender;
    await sender?.send([], new AbortController().signal);
    sender?.close?.();
    return types.pop();
  }

  const [JSON_TYPE, PROTOBUF] = ['application/json', 'application/x-protobuf'];
  test.each([
    [{}, JSON_TYPE],
    [{ [COMMON]: 'http/protobuf' }, PROTOBUF],
    [{ [TRACES]: 'http/json', [COMMON]: 'grpc' }, JSON_TYPE],
    [{ OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'grpc' }, JSON_TYPE],
  ])('of %j is spoken, and nothing is told', async (env, type) => {
    expect(await sent(env)).toBe(type);
    expect(notices).toEqual([]);
  });

  test.each([
    [{ [COMMON]: 'grpc' }, PROTOBUF, /^OTEL_EXPORTER_OTLP_PROTOCOL="grpc": .*http:\/\/<host>:4318$/],
    [{ [COMMON]: 'GRPC' }, PROTOBUF, /^OTEL_EXPORTER_OTLP_PROTOCOL="grpc": .*using http\/protobuf/],
    [{ [TRACES]: 'grpc', [COMMON]: 'http/json' }, PROTOBUF, /^OTEL_EXPORTER_OTLP_TRACES_PROTOCOL="grpc"/],
    [{ [COMMON]: 'thrift' }, JSON_TYPE, /must be one of http\/json, http\/protobuf, got "thrift"; using the default/],
    [{ [TRACES]: 'thrift', [COMMON]: 'http/protobuf' }, PROTOBUF, /got "thrift"/],
  ])('of %j is told once, and the service starts', async (env, type, message) => {
    expect(await sent(env)).toBe(type);
    expect(notices.map(({ message }) => message)).toEqual([expect.stringMatching(message)]);
  });

  test('is not asked of the environment where code says it; a wrong one in code throws', async () => {
    expect(await sent({ [COMMON]: 'grpc' }, { protocol: 'http/json' })).toBe(JSON_TYPE);
    expect(notices).toEqual([]);
    const wrong = { protocol: 'grpc', exporter: 'otlp' } as unknown as TraceOptions;
    expect(() => tracesConfig(wrong, {})).toThrow(ConfigError);
  });

  test('is of no interest to other exporters', () => {
    expect(tracesConfig({ exporter: 'zipkin' }, { [COMMON]: 'grpc' })?.sender?.name).toBe('zipkin');
    expect(notices).toEqual([]);
  });
});

test('metrics that are pushed take gRPC for protobuf over HTTP, and one warning says so for both signals', () => {
  const env = { [COMMON]: 'grpc' };
  expect(tracesConfig({ exporter: 'otlp' }, env)?.sender?.name).toBe('otlp');
  expect(metricsConfig({ otlp: true }, env).push?.otlp.protocol).toBe('http/protobuf');
  expect(notices).toHaveLength(1);
});
