import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { OtelContext, OtelSpan, OtelTracer } from '../../src/context/otel.js';
import { otelApi } from '../../src/context/otel.js';
import { systemClock } from '../../src/core/clock.js';
import { Epoch } from '../../src/core/epoch.js';
import type { FinishedSpan } from '../../src/traces/export/finished-span.js';
import { KeepProcessor } from '../../src/traces/keep.js';
import { OwnTracer } from '../../src/traces/own/own-tracer.js';
import { withSpan } from '../../src/traces/own/span-context.js';
import { HeadSampler } from '../../src/traces/sampler.js';
import { fromSdk } from './exporters/sdk-spans.js';

const api = otelApi();
if (api === undefined) throw new Error('no OpenTelemetry API');

const finished: FinishedSpan[] = [];
afterEach(() => void finished.splice(0));
const keep = () =>
  new KeepProcessor(
    { errors: true, slowerThanMs: Number.POSITIVE_INFINITY },
    { kept: (spans) => void finished.push(...spans), dropped: () => {} },
    (context) => api.trace.getSpan(context),
  );
let ids = 0;
const nextId = (digits: number): string => (++ids).toString(16).padStart(digits, '0');

/** Ours: everything is sampled. */
function own(processor = keep(), ratio = 1): OwnTracer {
  return new OwnTracer({
    ...{ api: api as NonNullable<typeof api>, clock: systemClock, epoch: new Epoch(systemClock), keep: processor },
    sampler: new HeadSampler(api as NonNullable<typeof api>, { ratio, records: true }),
    resource: { attributes: { 'service.name': 'shop' } },
    scope: { name: 'test' },
    newTraceId: () => nextId(32),
    newSpanId: () => nextId(16),
  });
}

interface SdkTrace {
  readonly TracerProvider: new (options: object) => { getTracer(name: string): OtelTracer };
}

/** The SDK's, with the same limits, into the same list. */
function theirs(): OtelTracer {
  const { TracerProvider } = fromSdk('@opentelemetry/sdk-trace') as SdkTrace;
  return new TracerProvider({
    spanProcessors: [keep()],
    spanLimits: { attributeValueLengthLimit: 4096 },
  }).getTracer('test');
}

/** Something that is done to a span. */
type Act = (span: OtelSpan) => unknown;

const name = fc.oneof(fc.constantFrom('a', 'b', 'http.route', 'toString', ''), fc.string({ maxLength: 5 }));
const value = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.integer(),
  fc.boolean(),
  fc.array(fc.string({ maxLength: 5 }), { maxLength: 3 }),
  fc.constant('x'.repeat(5000)),
);
const attributes = fc.dictionary(
  name.filter((key) => key !== '__proto__'),
  value,
  { maxKeys: 4 },
);
const TIME: [number, number] = [1_700_000_000, 5];
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(name, value).map(
    ([key, given]): Act =>
      (span) =>
        span.setAttribute(key, given),
  ),
  attributes.map(
    (given): Act =>
      (span) =>
        span.setAttributes(given),
  ),
  fc.tuple(name, attributes).map(
    ([event, given]): Act =>
      (span) =>
        span.addEvent(event, given, TIME),
  ),
  name.map(
    (event): Act =>
      (span) =>
        span.addEvent(event, TIME),
  ),
  fc.constantFrom(0, 1, 2).map(
    (code): Act =>
      (span) =>
        span.setStatus({ code }),
  ),
  fc.string().map(
    (message): Act =>
      (span) =>
        span.setStatus({ code: 2, message }),
  ),
  fc.string().map(
    (given): Act =>
      (span) =>
        span.updateName(given),
  ),
  fc.string().map(
    (message): Act =>
      (span) =>
        span.recordException(new TypeError(message), TIME),
  ),
  attributes.map(
    (given): Act =>
      (span) =>
        span.addLink({ context: span.spanContext(), attributes: given }),
  ),
  fc.constant<Act>((span) => span.end(TIME)),
);

function told({
  name: called,
  kind,
  status,
  attributes: given,
  events,
  links,
  startTime,
  endTime,
  duration,
}: FinishedSpan) {
  return {
    ...{ called, kind, status, startTime, endTime, duration },
    attributes: { ...given },
    events: events.map((event) => ({ name: event.name, time: event.time, attributes: { ...event.attributes } })),
    links: links.map((link) => ({ ...link.attributes })),
  };
}

/** A stack is of the place where the error was made. */
const START: [number, number] = [1_700_000_000, 0];

describe('a span of ours', () => {
  test("after anything that the API can do to it is what the SDK's is", () => {
    const tracers = [own(), theirs()];
    fc.assert(
      fc.property(attributes, fc.array(act, { maxLength: 8 }), (given, acts) => {
        finished.splice(0);
        for (const tracer of tracers) {
          const span = tracer.startSpan('work', { kind: 2, attributes: given, startTime: START }, api.ROOT_CONTEXT);
          for (const each of acts) each(span);
          span.end(TIME);
          expect(span.isRecording()).toBe(false);
        }
        const [ours, sdk] = finished;
        expect(finished).toHaveLength(2);
        expect(told(ours as FinishedSpan)).toEqual(told(sdk as FinishedSpan));
      }),
      { numRuns: 500 },
    );
  });

  test('has at most 128 attributes, events and links, and says how many it has not', () => {
    const span = own().startSpan('work', {}, api.ROOT_CONTEXT);
    for (let i = 0; i < 200; i++)
      span.setAttribute(`a${i}`, i).addEvent(`e${i}`).addLink({ context: span.spanContext() });
    span.end();
    const [told] = finished;
    expect(Object.keys(told?.attributes ?? {})).toHaveLength(128);
    expect([told?.events.length, told?.links.length]).toEqual([128, 128]);
    expect([told?.droppedAttributesCount, told?.droppedEventsCount, told?.droppedLinksCount]).toEqual([72, 72, 72]);
  });

  test("is the child of the SDK's, and the SDK's of ours; both end with their local root", () => {
    const processor = keep();
    const { TracerProvider } = fromSdk('@opentelemetry/sdk-trace') as SdkTrace;
    const sdk = new TracerProvider({ spanProcessors: [processor] }).getTracer('sdk');
    const root = own(processor).startSpan('root', {}, api.ROOT_CONTEXT);
    const middle = sdk.startSpan('middle', {}, withSpan(api.ROOT_CONTEXT, root));
    const leaf = own(processor).startSpan('leaf', {}, withSpan(api.ROOT_CONTEXT, middle));
    for (const span of [leaf, middle]) span.end();
    expect(finished).toEqual([]);
    root.end();
    expect(finished.map((span) => [span.name, span.parentSpanContext?.spanId])).toEqual([
      ['leaf', middle.spanContext().spanId],
      ['middle', root.spanContext().spanId],
      ['root', undefined],
    ]);
    expect(new Set(finished.map((span) => span.spanContext().traceId)).size).toBe(1);
  });

  test('whose attributes throw is made without them', () => {
    const hostile = Object.defineProperty({}, 'a', {
      enumerable: true,
      get() {
        throw new Error('a getter');
      },
    });
    own().startSpan('work', { attributes: hostile }, api.ROOT_CONTEXT).end();
    expect(finished.map((span) => span.name)).toEqual(['work']);
  });

  test('is active in the function of startActiveSpan, with options, a context, or neither', () => {
    const tracer = own();
    const base: OtelContext = api.ROOT_CONTEXT;
    expect(tracer.startActiveSpan('a', (span) => span.isRecording())).toBe(true);
    expect(tracer.startActiveSpan('b', { kind: 2 }, () => 'b')).toBe('b');
    expect(tracer.startActiveSpan('c', {}, base, () => 'c')).toBe('c');
  });
});

describe('a context with a span', () => {
  test('keeps other values, takes another span in place of the first, and gives it up', () => {
    const key = Symbol('key');
    const [one, two] = [own().startSpan('one', {}, api.ROOT_CONTEXT), own().startSpan('two', {}, api.ROOT_CONTEXT)];
    const first = withSpan(api.ROOT_CONTEXT.setValue(key, 1), one);
    const second = withSpan(first.setValue(key, 2), two);
    expect([api.trace.getSpan(first), first.getValue(key)]).toEqual([one, 1]);
    expect([api.trace.getSpan(second), second.getValue(key)]).toEqual([two, 2]);
    expect(api.trace.getSpan(api.trace.setSpan(first, two))).toBe(two);
    expect(api.trace.getSpan(api.trace.deleteSpan(second))).toBeUndefined();
    expect(second.deleteValue(key).getValue(key)).toBeUndefined();
  });
});
