import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { composite } from '../../../src/traces/propagators/composite.js';
import type { Propagator, Remote, SpanIds } from '../../../src/traces/propagators/propagator.js';
import { isPropagatorName, type PropagatorName, propagators } from '../../../src/traces/propagators/propagators.js';
import { injected, SPAN, TRACE } from './injected.js';

const table: [string, Propagator][] = Object.entries(propagators);
const carriesSpans = (name: string) => name !== 'none' && name !== 'baggage';

const hex = (length: number) =>
  fc
    .string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
    .filter((id) => /[^0]/.test(id));
const decision = fc.constantFrom<Partial<SpanIds>>(
  { flags: 0 },
  { flags: 1 },
  { flags: 1, debug: true },
  { flags: 0, undecided: true },
);
const spans = fc
  .tuple(hex(32), hex(16), decision)
  .map(([traceId, spanId, decided]): SpanIds => ({ traceId, spanId, flags: 0, ...decided }));

describe.each(table)('propagator %s', (name, propagator) => {
  test('goes by the name of its line', () => {
    expect(propagator.name).toBe(name);
  });

  test('has fields in lower case, each once', () => {
    expect(propagator.fields).toEqual([...new Set(propagator.fields)].map((field) => field.toLowerCase()));
  });

  test('finds nothing where there are no headers', () => {
    expect(propagator.extract({})).toBeUndefined();
  });

  test('sets none but its fields, with values that a header may have', () => {
    const baggage = new Map([['a', { value: 'é\r\n' }]]);
    fc.assert(
      fc.property(spans, (span) => {
        for (const [field, value] of Object.entries(injected(propagator, { ...span, tracestate: 'a=1', baggage }))) {
          expect(propagator.fields).toContain(field);
          expect(value).toMatch(/^[\x21-\x7e]+$/);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('takes what is no text for absent', () => {
    for (const value of [1, null, true, {}, Buffer.from('0'), [1, null, {}], [], [[]]]) {
      const headers = Object.fromEntries(propagator.fields.map((field) => [field, value]));
      expect(propagator.extract(headers as Record<string, string>)).toBeUndefined(); // as carriers of messages may be
    }
  });
});

describe.each(table.filter(([name]) => carriesSpans(name)))('%s, there and back', (name, propagator) => {
  test('a span stays what it was', () => {
    fc.assert(
      fc.property(spans, (span) => {
        const back = propagator.extract(injected(propagator, span));
        const { traceId, spanId } = span;
        expect(back).toMatchObject({ traceId, spanId, flags: span.flags });
        if (name !== 'tracecontext' && name !== 'jaeger') expect(back?.undecided).toBe(span.undecided === true);
        if (name.startsWith('b3') || name === 'jaeger') expect(back?.debug).toBe(span.debug === true);
      }),
      { numRuns: 200 },
    );
  });

  test('what was extracted can be sent on as it is', () => {
    fc.assert(
      fc.property(spans, (span) => {
        const sent = injected(propagator, span);
        const back = propagator.extract(sent);
        expect(back?.spanId !== undefined && injected(propagator, back)).toEqual(sent);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the table', () => {
  test('knows the names of OTEL_PROPAGATORS that have a specification', () => {
    expect(Object.keys(propagators)).toEqual(['tracecontext', 'baggage', 'b3', 'b3multi', 'xray', 'jaeger', 'none']);
    expectTypeOf<PropagatorName>().toEqualTypeOf<
      'tracecontext' | 'baggage' | 'b3' | 'b3multi' | 'xray' | 'jaeger' | 'none'
    >();
  });

  test.each(['__proto__', 'constructor', 'toString', 'B3', ''])('%j is no name', (name) => {
    expect(isPropagatorName(name)).toBe(false);
    expect(() => composite([name])).toThrow(RangeError);
  });

  test('an unknown name is told the nearest and all known ones', () => {
    expect(() => composite(['tracecontext', 'b3mutli'])).toThrow(
      'unknown propagator "b3mutli" (did you mean "b3multi"?); ' +
        'known: tracecontext, baggage, b3, b3multi, xray, jaeger, none',
    );
  });
});

describe('a composite', () => {
  const OTHER = '5759e988bd862e3fe1be46a994272793';
  const traceparent = `00-${TRACE}-${SPAN}-00`;
  const root = 'Root=1-5759e988-bd862e3fe1be46a994272793';
  const traceOf = (names: string[], headers: Record<string, string>) => composite(names).extract(headers)?.traceId;

  test('takes the first that finds a span, in the order of the names', () => {
    const headers = { traceparent, b3: `${OTHER}-${SPAN}-1` };
    expect(traceOf(['tracecontext', 'b3'], headers)).toBe(TRACE);
    expect(traceOf(['b3', 'tracecontext'], headers)).toBe(OTHER);
  });

  test('goes on to the next where one is illegal or absent', () => {
    expect(traceOf(['b3', 'jaeger', 'tracecontext'], { traceparent, b3: 'x' })).toBe(TRACE);
  });

  test('prefers a span to a trace without one', () => {
    expect(traceOf(['xray', 'tracecontext'], { traceparent, 'x-amzn-trace-id': root })).toBe(TRACE);
    expect(traceOf(['xray', 'tracecontext'], { 'x-amzn-trace-id': root })).toBe(OTHER);
  });

  test('prefers a span to a lone decision, which holds when there is nothing else', () => {
    expect(composite(['b3', 'tracecontext']).extract({ traceparent, b3: '1' })).toMatchObject({ flags: 0 });
    expect(composite(['b3', 'tracecontext']).extract({ b3: '0' })).toEqual({
      traceId: undefined,
      spanId: undefined,
      flags: 0,
      undecided: false,
      debug: false,
    });
  });

  test('injects with all', () => {
    const names = ['tracecontext', 'baggage', 'b3', 'b3multi', 'xray', 'jaeger', 'none'];
    const baggage = new Map([['a', { value: '1' }]]);
    expect(injected(composite(names), { traceId: TRACE, spanId: SPAN, flags: 1, tracestate: 'c=1', baggage })).toEqual({
      traceparent: `00-${TRACE}-${SPAN}-01`,
      tracestate: 'c=1',
      baggage: 'a=1',
      b3: `${TRACE}-${SPAN}-1`,
      'x-b3-traceid': TRACE,
      'x-b3-spanid': SPAN,
      'x-b3-sampled': '1',
      'x-amzn-trace-id': `Root=1-${TRACE.slice(0, 8)}-${TRACE.slice(8)};Parent=${SPAN};Sampled=1`,
      'uber-trace-id': `${TRACE}:${SPAN}:0:01`,
    });
  });

  test('has the fields of all, each once, and their names', () => {
    const both = composite(['b3', 'b3multi', 'b3', 'tracecontext']);
    expect(both.name).toBe('b3,b3multi,tracecontext');
    expect(both.fields).toEqual([...propagators.b3.fields, 'traceparent', 'tracestate']);
  });

  test('of one name is that propagator; of none it does nothing', () => {
    expect(composite(['b3', 'b3'])).toBe(propagators.b3);
    expect(composite([]).extract({ traceparent })).toBeUndefined();
    expect(injected(composite(['none']), { traceId: TRACE, spanId: SPAN, flags: 1 })).toEqual({});
  });
});

test('the span ID tells a span from a hint', () => {
  const remote = composite(['b3']).extract({ b3: '0' });
  if (remote?.spanId !== undefined) expectTypeOf(remote.traceId).toEqualTypeOf<string>();
  expectTypeOf<Remote['traceId']>().toEqualTypeOf<string | undefined>();
});
