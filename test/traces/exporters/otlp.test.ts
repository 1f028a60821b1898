import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import type { FinishedSpan, SpanAttributes } from '../../../src/traces/export/finished-span.js';
import { encodeOtlpJson } from '../../../src/traces/exporters/otlp-json.js';
import { encodeOtlpProtobuf } from '../../../src/traces/exporters/otlp-protobuf.js';
import { conformance } from './conformance.js';
import { sdkSpans } from './sdk-spans.js';
import { fullSpan, PARENT, span, TRACE } from './spans.js';

type Message = { readonly [name: string]: unknown };

const request = (): protobuf.Type =>
  protobuf.Root.fromJSON(JSON.parse(conformance.read('otlp/opentelemetry-proto.json'))).lookupType(
    'opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest',
  );

const plain = { longs: String, enums: Number, bytes: String } as const;

/** Decoded by protobufjs, which has no code in common with ours; IDs in base64. */
function decodedProtobuf(spans: readonly FinishedSpan[]): Message {
  const type = request();
  const message = type.decode(encodeOtlpProtobuf(spans));
  expect(type.verify(message)).toBeNull();
  return type.toObject(message, plain);
}

const IDS: readonly string[] = ['traceId', 'spanId', 'parentSpanId'];

/** OTLP/JSON differs from protobuf's JSON in its IDs. */
function decodedJson(spans: readonly FinishedSpan[]): Message {
  const json = JSON.parse(encodeOtlpJson(spans).toString(), (key, value) =>
    IDS.includes(key) ? Buffer.from(value, 'hex').toString('base64') : value,
  );
  const type = request();
  expect(unknownFields(type, json)).toEqual([]);
  return type.toObject(type.fromObject(json), plain);
}

/** protobufjs passes over fields that a message does not have. */
function unknownFields(type: protobuf.Type, value: Message): string[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    const field = type.fields[name]?.resolve();
    if (field === undefined) return [`${type.name}.${name}`];
    const { resolvedType } = field;
    if (!(resolvedType instanceof protobuf.Type)) return [];
    return [inner].flat().flatMap((item) => unknownFields(resolvedType, item as Message));
  });
}

const hex = (base64: unknown): string => Buffer.from(String(base64), 'base64').toString('hex');

function onlySpan(message: Message): Message {
  const [resourceSpans] = message['resourceSpans'] as [{ scopeSpans: [{ spans: [Message] }] }];
  return resourceSpans.scopeSpans[0].spans[0];
}

function attributesOf(message: Message): Record<string, unknown> {
  const list = (message['attributes'] ?? []) as { key: string; value: unknown }[];
  return Object.fromEntries(list.map(({ key, value }) => [key, value]));
}

const decoders = [
  ['protobuf', decodedProtobuf],
  ['JSON', decodedJson],
] as const;

describe.skipIf(conformance.absent)(`OTLP, read by protobufjs ${conformance.needs}`, () => {
  describe.each(decoders)('%s', (_name, decoded) => {
    test('a span, field by field', () => {
      const found = onlySpan(decoded([fullSpan()]));
      expect(hex(found['traceId'])).toBe(TRACE);
      expect(hex(found['spanId'])).toBe('0000000000abcdf0');
      expect(hex(found['parentSpanId'])).toBe(PARENT);
      expect(found).toMatchObject({
        traceState: 'vendor=1,other=2',
        flags: 0x300,
        name: 'POST /carts – ✓',
        kind: 3,
        startTimeUnixNano: '1544712660300000001',
        endTimeUnixNano: '1544712661800000001',
        droppedAttributesCount: 3,
        droppedEventsCount: 4,
        droppedLinksCount: 5,
        status: { code: 2, message: 'boom' },
      });
    });

    test('attributes of every type, each edge a value of its own', () => {
      expect(attributesOf(onlySpan(decoded([fullSpan()])))).toEqual({
        text: { stringValue: 'ünïcode ✓ 🚦' },
        empty: { stringValue: '' },
        yes: { boolValue: true },
        no: { boolValue: false },
        zero: { intValue: '0' },
        int: { intValue: '42' },
        negative: { intValue: '-7' },
        large: { intValue: '9007199254740991' },
        beyond: { doubleValue: 2 ** 60 },
        double: { doubleValue: 0.5 },
        nan: { doubleValue: Number.NaN },
        infinite: { doubleValue: Number.POSITIVE_INFINITY },
        minus: { doubleValue: Number.NEGATIVE_INFINITY },
        big: { intValue: '-9223372036854775808' },
        tooBig: { stringValue: '9223372036854775808' },
        bytes: { bytesValue: 'AP8Q' },
        list: { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: 'b' }] } },
        mixed: {
          arrayValue: {
            values: [{ intValue: '1' }, { stringValue: 'two' }, { arrayValue: { values: [{ intValue: '3' }] } }],
          },
        },
        nested: {
          kvlistValue: {
            values: [
              { key: 'inner', value: { kvlistValue: { values: [{ key: 'deep', value: { boolValue: true } }] } } },
            ],
          },
        },
        nothing: {},
        null: {},
      });
    });

    test('events and links', () => {
      const { events, links } = onlySpan(decoded([fullSpan()])) as { events: Message[]; links: Message[] };
      expect(events).toMatchObject([
        { name: 'exception', timeUnixNano: '1544712660000000005', droppedAttributesCount: 1 },
        { name: 'bare', timeUnixNano: '1544712661000000000' },
      ]);
      expect(attributesOf(events[0] as Message)).toEqual({ 'exception.type': { stringValue: 'TypeError' } });
      expect(links.map((link) => hex(link['spanId']))).toEqual(['00000000000000aa', '00000000000000bb']);
      expect(links).toMatchObject([{ flags: 0x301, traceState: 'a=b', droppedAttributesCount: 2 }, { flags: 0x101 }]);
      expect(attributesOf(links[0] as Message)).toEqual({ why: { stringValue: 'batch' } });
    });

    test('a root has no parent, and a local parent is known not to be remote', () => {
      const [root, child] = [
        span(1, { parentSpanContext: undefined }),
        span(2, { parentSpanContext: span(1).spanContext() }),
      ];
      expect(onlySpan(decoded([root]))['parentSpanId'] ?? '').toBe('');
      expect(onlySpan(decoded([root]))['flags']).toBe(0x101);
      expect(onlySpan(decoded([child]))['flags']).toBe(0x101);
    });

    test('spans are grouped by resource, then by scope', () => {
      const resource = { attributes: { 'service.name': 'other' }, schemaUrl: 'https://schema/1' };
      const instrumentationScope = { name: 'db' };
      const message = decoded([span(1), span(2, { instrumentationScope }), span(3, { resource }), span(4)]);
      const groups = message['resourceSpans'] as {
        schemaUrl?: string;
        scopeSpans: { scope: Message; spans: Message[] }[];
      }[];
      expect(groups.map(({ scopeSpans }) => scopeSpans.map(({ spans }) => spans.length))).toEqual([[2, 1], [1]]);
      expect(groups[0]?.scopeSpans.map(({ scope }) => scope['name'])).toEqual(['fourlights', 'db']);
      expect(groups[0]?.scopeSpans[0]?.scope['version']).toBe('0.1.0');
      expect(groups[1]?.schemaUrl).toBe('https://schema/1');
      const services = (message['resourceSpans'] as { resource: Message }[]).map(({ resource: r }) => attributesOf(r));
      expect(services[0]).toEqual({
        'service.name': { stringValue: 'Checkout' },
        'service.version': { stringValue: '1.2.3' },
      });
    });

    test('spans of the SDK that is installed', () => {
      const given = sdkSpans();
      const message = decoded(given);
      const [{ scopeSpans }] = message['resourceSpans'] as [{ scopeSpans: [{ scope: Message; spans: Message[] }] }];
      expect(scopeSpans[0].scope).toEqual({ name: 'the-scope', version: '9.9' });
      expect(scopeSpans[0].spans).toHaveLength(3);
      scopeSpans[0].spans.forEach((found, n) => {
        const { startTime, endTime, attributes, kind, name, status, events, links, ...original } = given[
          n
        ] as FinishedSpan;
        expect(hex(found['spanId'])).toBe((given[n] as FinishedSpan).spanContext().spanId);
        expect(hex(found['parentSpanId'] ?? '')).toBe(original.parentSpanContext?.spanId ?? '');
        expect(BigInt(String(found['startTimeUnixNano']))).toBe(
          BigInt(startTime[0]) * 10n ** 9n + BigInt(startTime[1]),
        );
        expect(BigInt(String(found['endTimeUnixNano']))).toBe(BigInt(endTime[0]) * 10n ** 9n + BigInt(endTime[1]));
        expect(found).toMatchObject({ name, kind: kind + 1, flags: 0x101 });
        expect((found['status'] as Message | undefined)?.['code'] ?? 0).toBe(status.code);
        expect(Object.keys(attributesOf(found))).toEqual(Object.keys(attributes as SpanAttributes));
        expect(((found['events'] ?? []) as Message[]).map((event) => event['name'])).toEqual(
          events.map((event) => event.name),
        );
        expect((found['links'] ?? []) as Message[]).toHaveLength(links.length);
      });
    });
  });

  test('the two encodings say the same', () => {
    const given = [fullSpan(), ...sdkSpans(), span(1)];
    expect(decodedJson(given)).toEqual(decodedProtobuf(given));
  });

  test('the check would see a wrong field, a wrong ID and a byte too few', () => {
    const type = request();
    const bytes = encodeOtlpProtobuf([span(1)]);
    expect(() => type.decode(bytes.subarray(0, -1))).toThrow();
    expect(type.verify({ resourceSpans: [{ scopeSpans: [{ spans: [{ name: 7 }] }] }] })).toContain('name');
    expect(unknownFields(type, { resourceSpans: [{ scopeSpans: [{ spans: [{ spanName: 'x' }] }] }] })).toEqual([
      'Span.spanName',
    ]);
    expect(hex(onlySpan(decodedProtobuf([span(1)]))['spanId'])).not.toBe(PARENT);
  });
});

describe('OTLP/JSON as text', () => {
  const only = (given: FinishedSpan): Message => onlySpan(JSON.parse(encodeOtlpJson([given]).toString()));

  test('IDs are hex, 64-bit numbers are strings, enums are numbers, NaN is a word', () => {
    const found = only(fullSpan());
    expect(found).toMatchObject({ traceId: TRACE, kind: 3, startTimeUnixNano: '1544712660300000001' });
    expect(attributesOf(found)).toMatchObject({ nan: { doubleValue: 'NaN' }, minus: { doubleValue: '-Infinity' } });
  });

  test("has the shape of the specification's example", () => {
    if (conformance.absent) return;
    const example = onlySpan(JSON.parse(conformance.read('otlp/example-trace.json')));
    expect(Object.keys(only(fullSpan()))).toEqual(expect.arrayContaining(Object.keys(example)));
  });

  test('what nests without end becomes a word', () => {
    const endless: Record<string, unknown> = {};
    endless['self'] = endless;
    expect(JSON.stringify(only(span(1, { attributes: { endless } })))).toContain('[nested too deep]');
  });

  test('a time within the first second of the epoch keeps its number', () => {
    expect(only(span(1, { startTime: [0, 7], endTime: [1, 7] }))).toMatchObject({
      startTimeUnixNano: '7',
      endTimeUnixNano: '1000000007',
    });
  });
});
