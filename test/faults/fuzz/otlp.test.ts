import { describe, expect, test } from 'vitest';
import { request } from '../../../src/admin/api/request.js';
import { requests } from '../../../src/admin/api/requests.js';
import type { AdminSources } from '../../../src/admin/api/sources.js';
import { readMessage } from '../../../src/admin/otlp/protobuf-reader.js';
import { receivedSpans } from '../../../src/admin/otlp/spans.js';
import type { FinishedSpan } from '../../../src/traces/export/finished-span.js';
import { spanMessages } from '../../../src/traces/exporters/otlp-protobuf.js';
import { partialSuccess } from '../../../src/traces/exporters/otlp-reply.js';
import { MessageEncoder } from '../../../src/traces/exporters/protobuf-message.js';
import { KeptTraces } from '../../../src/traces/kept.js';
import { HostileJson, jsonText, polluted } from '../../support/hostile-json.js';
import { Mutator } from '../../support/mutator.js';
import { random } from '../../support/random.js';
import type { Json } from '../../support/random-rules.js';
import { cases, tried } from './budget.js';

const TRACES = ['4bf92f3577b34da6a3ce929d0e0e4736', '4BF92F3577B34DA6A3CE929D0E0E4737', '0'.repeat(32)];
const SPANS = ['00f067aa0ba902b7', '00f067aa0ba902b8', '0000000000000000'];
const NAMES = ['resourceSpans', 'scopeSpans', 'spans', 'attributes', 'traceId', 'spanId', 'parentSpanId', 'status'];
const VALUES: readonly Json[] = [...TRACES, ...SPANS, '1700000000000000000', { stringValue: 'x' }, { intValue: '7' }];

const span = (spanId: string, parentSpanId: string) => ({
  traceId: TRACES[0] as string,
  spanId,
  parentSpanId,
  name: 'GET /users/:id',
  kind: 2,
  startTimeUnixNano: '1700000000000000000',
  endTimeUnixNano: '1700000000500000000',
  attributes: [
    { key: 'http.response.status_code', value: { intValue: '500' } },
    { key: 'list', value: { arrayValue: { values: [{ kvlistValue: { values: [{ key: 'a', value: {} }] } }] } } },
  ],
  events: [{ timeUnixNano: '1700000000100000000', name: 'exception', attributes: [] }],
  status: { code: 2, message: 'failed' },
});
const body = (...spans: readonly object[]) => ({
  resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ scope: { name: 'test' }, spans }] }],
});
const sound = body(span('00f067aa0ba902b7', '00f067aa0ba902b8'), span('00f067aa0ba902b8', '00f067aa0ba902b7'));
const protobuf = new MessageEncoder(spanMessages).encode('TraceRequest', sound, 1024);

/** Takes the spans in as the intake does, and asks for what the status page asks for. */
function shown(spans: readonly FinishedSpan[]): string {
  const kept = new KeptTraces();
  for (const each of spans) kept.join([each]);
  const sources = { kept } as unknown as AdminSources; // these two read nothing else of them
  const list = requests(sources).read?.(new URLSearchParams(), undefined);
  const one = spans[0]?.spanContext().traceId;
  const details = one === undefined ? '' : request(sources).read?.(new URLSearchParams({ id: one }), undefined);
  return JSON.stringify([list, details]);
}

describe('spans that others send', () => {
  test('in any JSON at all are read or left out, and what is read can be shown', () => {
    const hostile = new HostileJson(random(3), NAMES, VALUES);
    const count = cases({ short: 2000, long: 40_000 });
    let read = 0;
    for (let run = 0; run < count; run++) {
      const text = jsonText(hostile.below(8) === 0 ? hostile.value() : hostile.spoilt(sound as unknown as Json));
      const { spans, rejected } = receivedSpans(JSON.parse(text));
      read += spans.length;
      if (!(rejected >= 0) || shown(spans).length > 1_000_000) expect.fail(text.slice(0, 2000));
    }
    expect(read).toBeGreaterThan(count / 2);
    expect(polluted()).toBe(false);
    tried('OTLP in JSON', 'spans are read or left out; what is read can be shown', count);
  });

  test('in any bytes at all are read, or refused as a RangeError', () => {
    const mutator = new Mutator(5, [protobuf, protobuf.subarray(0, 64), Buffer.alloc(40, 0x80), '']);
    const count = cases({ short: 6000, long: 60_000 });
    let read = 0;
    for (let run = 0; run < count; run++) {
      const bytes = mutator.bytes();
      try {
        const { spans } = receivedSpans(readMessage(spanMessages, 'TraceRequest', bytes));
        read += spans.length;
        if (shown(spans).length > 1_000_000) expect.fail(bytes.toString('hex'));
      } catch (cause) {
        if (!(cause instanceof RangeError)) throw cause;
      }
    }
    expect(read).toBeGreaterThan(count / 20);
    tried('OTLP in protobuf', 'spans are read, or refused as a RangeError', count);
  });

  test('that are their own parents have a root all the same', () => {
    const { spans } = receivedSpans(sound);
    expect(shown(spans)).toContain('GET /users/:id');
  });

  test('by the million without a field in them are refused, not read for seconds', () => {
    const length = Buffer.from([0x0a, 0x80, 0x92, 0xf4, 0x01]);
    const empties = Buffer.alloc(4_000_000, Buffer.from([0x12, 0]));
    expect(() => readMessage(spanMessages, 'TraceRequest', Buffer.concat([length, empties]))).toThrow(RangeError);
  });
});

test('whatever a receiver replies, what it rejected is a whole number of at least 0, and its message is short', () => {
  const reply = { partialSuccess: { rejectedSpans: '3', errorMessage: 'no' } };
  const hostile = new HostileJson(random(7), Object.keys(reply.partialSuccess), ['3', -4, 2.5]);
  const mutator = new Mutator(9, [JSON.stringify(reply), '\x0a\x06\x08\x03\x12\x02no', '{}', '']);
  const count = cases({ short: 5000, long: 50_000 });
  for (let run = 0; run < count; run++) {
    const bytes = run % 2 === 0 ? mutator.bytes() : Buffer.from(jsonText(hostile.spoilt(reply)));
    for (const protocol of ['http/json', 'http/protobuf'] as const) {
      const { rejected, message } = partialSuccess(bytes, protocol);
      if (!Number.isSafeInteger(rejected) || rejected < 0 || message.length > 200)
        expect.fail(`${protocol} ${rejected} of ${bytes.toString('latin1')}`);
    }
  }
  tried("replies of OTLP's receivers", 'the count of what was rejected is whole and not below 0', count);
});
