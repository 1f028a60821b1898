import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tracecontext } from '../../../src/traces/propagators/tracecontext.js';
import { injected, SPAN, TRACE } from './injected.js';

const traceparent = `00-${TRACE}-${SPAN}-01`;

describe('extraction', () => {
  test('both headers make a span', () => {
    expect(tracecontext.extract({ traceparent, tracestate: 'foo=1' })).toEqual({
      traceId: TRACE,
      spanId: SPAN,
      flags: 1,
      undecided: false,
      debug: false,
      tracestate: 'foo=1',
    });
  });

  test('without headers there is no span', () => {
    expect(tracecontext.extract({})).toBeUndefined();
  });

  test('a tracestate without traceparent is dropped', () => {
    expect(tracecontext.extract({ tracestate: 'foo=1' })).toBeUndefined();
  });

  test('an illegal traceparent takes the tracestate with it', () => {
    expect(tracecontext.extract({ traceparent: `${traceparent}-`, tracestate: 'foo=1' })).toBeUndefined();
  });

  test.each(['foo=', 'FOO=1', 'foo', Array(33).fill('a=1').join()])(
    'tracestate %s is discarded without the traceparent',
    (tracestate) => {
      const span = tracecontext.extract({ traceparent, tracestate });
      expect(span).toMatchObject({ traceId: TRACE, spanId: SPAN, flags: 1, tracestate: undefined });
    },
  );

  test('repeated tracestate headers are one list in their order', () => {
    const headers = { traceparent, tracestate: ['foo=1', '', 'bar=2, baz=3'] };
    expect(tracecontext.extract(headers)).toMatchObject({ tracestate: 'foo=1,bar=2,baz=3' });
  });

  test('members that are spread over headers are counted together', () => {
    const tracestate = Array.from({ length: 33 }, (_, i) => `k${i}=1`);
    expect(tracecontext.extract({ traceparent, tracestate })).toMatchObject({ tracestate: undefined });
  });

  test.each([
    ['joined', `${traceparent}, ${traceparent}`],
    ['apart', [traceparent, traceparent]],
  ])('a traceparent that was sent twice is illegal, %s', (_name, twice) => {
    expect(tracecontext.extract({ traceparent: twice, tracestate: 'foo=1' })).toBeUndefined();
  });

  test('a list of one traceparent is a traceparent', () => {
    expect(tracecontext.extract({ traceparent: [traceparent] })).toMatchObject({ traceId: TRACE });
  });

  test.each([
    ['sampled', '01', 1],
    ['random', '02', 2],
    ['sampled and random', '03', 3],
    ['all bits', 'ff', 3],
    ['only bits that are not defined', 'fc', 0],
  ])('flags %s', (_name, flags, kept) => {
    expect(tracecontext.extract({ traceparent: `00-${TRACE}-${SPAN}-${flags}` })).toMatchObject({ flags: kept });
  });
});

describe('injection', () => {
  test.each([0, 1, 2, 3])('flags %i are sent, in version 00', (flags) => {
    expect(injected(tracecontext, { traceId: TRACE, spanId: SPAN, flags })).toEqual({
      traceparent: `00-${TRACE}-${SPAN}-0${flags}`,
    });
  });

  test('flags that are not defined are sent as zero', () => {
    const { traceparent: sent } = injected(tracecontext, { traceId: TRACE, spanId: SPAN, flags: 0xff });
    expect(sent).toBe(`00-${TRACE}-${SPAN}-03`);
  });

  test('an empty tracestate is not sent', () => {
    const sent = injected(tracecontext, { traceId: TRACE, spanId: SPAN, flags: 1, tracestate: '' });
    expect(Object.keys(sent)).toEqual(['traceparent']);
  });
});

test('a tracestate passes through as it came, within the limits', () => {
  const text = (letters: string, most: number) =>
    fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: most });
  const key = text('abcxyz0189', 1).chain((first) => text('az09_-*/@', 12).map((rest) => first + rest));
  const value = text(' !azAZ09:;"~', 12).map((body) => `${body}v`);
  const members = fc.array(
    fc.tuple(key, value).map((pair) => pair.join('=')),
    { minLength: 1, maxLength: 18 },
  );
  fc.assert(
    fc.property(members, (list) => {
      const tracestate = list.join();
      const span = tracecontext.extract({ traceparent, tracestate });
      if (span?.spanId === undefined) return expect.fail('no span');
      expect(injected(tracecontext, span)).toEqual({ traceparent, tracestate });
    }),
    { numRuns: 300 },
  );
});
