import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import protobuf from 'protobufjs';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/core/clock.js';
import { manualClock } from '../../../src/testing/manual-clock.js';
import { xraySettings } from '../../../src/traces/exporters/settings.js';
import { XraySender, xrayTraceId } from '../../../src/traces/exporters/xray.js';
import { conformance } from './conformance.js';
import { span } from './spans.js';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET, sessionToken: 'session-1' };

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

/** The signature that AWS would compute of what it received, by the text of "Signature Version 4 signing process" alone. */
function expectedSignature(headers: IncomingHttpHeaders, path: string, body: Buffer): string {
  const authorization = String(headers['authorization']);
  const [, date = '', region = '', service = ''] =
    /Credential=AKIDEXAMPLE\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request/.exec(authorization) ?? [];
  const signed = /SignedHeaders=([^,]+)/.exec(authorization)?.[1] ?? '';
  const canonical = [
    'POST',
    path,
    '',
    ...signed.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    signed,
    sha256(body),
  ].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${SECRET}`, date), region), service), 'aws4_request');
  return hmac(key, text).toString('hex');
}

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly url: string;
  readonly body: Buffer;
}

const servers: { close(): unknown }[] = [];
afterEach(() => void servers.splice(0).forEach((server) => void server.close()));

async function sent(): Promise<Received> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ headers: request.headers, url: String(request.url), body: Buffer.concat(chunks) });
    response.end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sender = new XraySender(xraySettings({ endpoint, region: 'eu-central-1', credentials }, {}), systemClock);
  const result = await sender.send([span(1), span(2)], new AbortController().signal);
  sender.close();
  expect(result).toMatchObject({ status: 'accepted', rejected: 0 });
  return received[0] as Received;
}

describe("a request to X-Ray's endpoint", () => {
  test('bears the signature that the receiver computes by itself', async () => {
    const { headers, url, body } = await sent();
    expect(url).toBe('/v1/traces');
    expect(headers['authorization']).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/xray\//);
    expect(headers['authorization']).toMatch(/SignedHeaders=[^,]*host[^,]*x-amz-date/);
    expect(headers['x-amz-security-token']).toBe('session-1');
    expect(headers['authorization']).toContain(`Signature=${expectedSignature(headers, url, body)}`);
  });

  test('would not bear it if one byte of the body were another', async () => {
    const { headers, url, body } = await sent();
    const spoiled = Buffer.from(body);
    spoiled[0] = (spoiled[0] ?? 0) ^ 1;
    expect(headers['authorization']).not.toContain(expectedSignature(headers, url, spoiled));
  });

  test.skipIf(conformance.absent)(`holds the spans as OTLP protobuf ${conformance.needs}`, async () => {
    const { headers, body } = await sent();
    expect(headers['content-type']).toBe('application/x-protobuf');
    const type = protobuf.Root.fromJSON(JSON.parse(conformance.read('otlp/opentelemetry-proto.json'))).lookupType(
      'opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest',
    );
    expect(JSON.stringify(type.decode(body))).toContain('GET /carts/2');
  });
});

test('a trace ID for X-Ray begins with the time and is a legal one of W3C', () => {
  const clock = manualClock(Date.UTC(2026, 0, 1));
  const id = xrayTraceId(clock);
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(Number.parseInt(id.slice(0, 8), 16)).toBe(Date.UTC(2026, 0, 1) / 1000);
  expect(xrayTraceId(clock)).not.toBe(id);
});
