import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { FinishedSpan } from '../../../src/traces/export/finished-span.js';
import { encodeZipkin } from '../../../src/traces/exporters/zipkin-json.js';
import { conformance } from './conformance.js';
import { sdkSpans } from './sdk-spans.js';
import { fullSpan, PARENT, span, TRACE } from './spans.js';

type ZipkinSpan = Record<string, unknown> & { tags: Record<string, string> };

const decoded = (spans: readonly FinishedSpan[]): ZipkinSpan[] => JSON.parse(encodeZipkin(spans).toString());
const only = (one: FinishedSpan): ZipkinSpan => decoded([one])[0] as ZipkinSpan;

describe.skipIf(conformance.absent)(`the schema of Zipkin's v2 API ${conformance.needs}`, () => {
  const accepts = (): ((json: unknown) => boolean) => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    ajv.addSchema(parse(conformance.read('zipkin/zipkin2-api.yaml')), 'api');
    const validate = ajv.getSchema('api#/definitions/ListOfSpans');
    return (json) => validate?.(json) === true;
  };

  test("accepts what is sent, of our own shapes and of the SDK's", () => {
    expect(accepts()(decoded([fullSpan(), span(1), ...sdkSpans()]))).toBe(true);
  });

  test.each([
    ['a span without a trace ID', ({ traceId: _, ...rest }: ZipkinSpan) => rest],
    ['a duration of zero', (one: ZipkinSpan) => ({ ...one, duration: 0 })],
    ['a number as a tag', (one: ZipkinSpan) => ({ ...one, tags: { a: 1 } })],
    ['a kind that is unknown', (one: ZipkinSpan) => ({ ...one, kind: 'INTERNAL' })],
  ])('refuses %s, so it can tell', (_name, spoiled) => {
    expect(accepts()([spoiled(only(span(1)))])).toBe(false);
  });
});

describe('a span for Zipkin', () => {
  test('has IDs of exactly 32 and 16 lower-case hex digits, which the schema does not anchor', () => {
    for (const one of decoded([fullSpan(), ...sdkSpans()])) {
      expect(one['traceId']).toMatch(/^[0-9a-f]{32}$/);
      expect(one['id']).toMatch(/^[0-9a-f]{16}$/);
      if (one['parentId'] !== undefined) expect(one['parentId']).toMatch(/^[0-9a-f]{16}$/);
    }
  });

  test('tells its service, time and parent', () => {
    expect(only(span(1))).toMatchObject({
      traceId: TRACE,
      parentId: PARENT,
      kind: 'SERVER',
      name: 'GET /carts/1',
      timestamp: 1_544_712_660_300_000,
      duration: 1_500_000,
      localEndpoint: { serviceName: 'checkout' },
    });
  });

  test('has no kind where OpenTelemetry says internal, and lasts at least a microsecond', () => {
    const short = only(span(1, { kind: 0, duration: [0, 3] }));
    expect(short).not.toHaveProperty('kind');
    expect(short['duration']).toBe(1);
  });

  test('is marked as failed where it failed, and nowhere else', () => {
    expect(only(span(1, { status: { code: 2, message: 'boom' } })).tags['error']).toBe('boom');
    expect(only(span(1, { attributes: { error: 'no' } })).tags).not.toHaveProperty('error');
  });
});
