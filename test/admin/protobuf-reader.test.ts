import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMessage } from '../../src/admin/otlp/protobuf-reader.js';
import { receivedSpans } from '../../src/admin/otlp/spans.js';
import { spanMessages } from '../../src/traces/exporters/otlp-protobuf.js';

test('any bytes are read or refused as a RangeError, and what was read makes spans or none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      let read: unknown;
      try {
        read = readMessage(spanMessages, 'TraceRequest', Buffer.from(bytes));
      } catch (cause) {
        expect(cause).toBeInstanceOf(RangeError);
      }
      expect(receivedSpans(read).spans.length).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 2000 },
  );
});

test('any JSON makes spans or none', () => {
  const part = fc.oneof(fc.jsonValue(), fc.array(fc.record({ spans: fc.jsonValue(), key: fc.jsonValue() })));
  const request = fc.record({ resourceSpans: fc.array(fc.record({ resource: part, scopeSpans: part })) });
  fc.assert(
    fc.property(fc.oneof(request, fc.jsonValue()), (given) => {
      expect(receivedSpans(given).rejected).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 2000 },
  );
});

test('what nests without an end is refused', () => {
  let value = Buffer.from([0x0a, 0x00]);
  for (let depth = 0; depth < 40; depth++)
    value = Buffer.concat(
      [Buffer.from([0x2a, value.length + 2, 0x0a, value.length]), value].map((part) => part.subarray(0, 120)),
    );
  expect(() => readMessage(spanMessages, 'AnyValue', value)).toThrow(RangeError);
});
