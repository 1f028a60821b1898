import { describe, expect, test } from 'vitest';
import type { HeaderBag } from '../../../src/context/correlation.js';
import { b3, b3multi } from '../../../src/traces/propagators/b3.js';
import { HALF, injected, SPAN, TRACE } from './injected.js';

const PARENT = '0020000000000001';
const ids = { 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN };

const accept = { flags: 1, undecided: false, debug: false };
const deny = { flags: 0, undecided: false, debug: false };
const defer = { flags: 0, undecided: true, debug: false };
const debug = { flags: 1, undecided: false, debug: true };
const span = { traceId: TRACE, spanId: SPAN };
const nobody = { traceId: undefined, spanId: undefined };

describe.each([b3, b3multi])('$name reads', (propagator) => {
  test.each<[string, HeaderBag, object]>([
    ['IDs and accept', { b3: `${TRACE}-${SPAN}-1` }, { ...span, ...accept }],
    ['IDs and deny', { b3: `${TRACE}-${SPAN}-0` }, { ...span, ...deny }],
    ['IDs and debug, which means sampled', { b3: `${TRACE}-${SPAN}-d` }, { ...span, ...debug }],
    ['IDs alone: the decision is ours', { b3: `${TRACE}-${SPAN}` }, { ...span, ...defer }],
    ['a parent, which is passed over', { b3: `${TRACE}-${SPAN}-1-${PARENT}` }, { ...span, ...accept }],
    ['a trace ID of 64 bits, padded', { b3: `${HALF}-${SPAN}-1` }, { traceId: `${'0'.repeat(16)}${HALF}`, ...accept }],
    ['a trace ID whose high half is zero', { b3: `${'0'.repeat(16)}${HALF}-${SPAN}` }, { spanId: SPAN, ...defer }],
    ['deny alone', { b3: '0' }, { ...nobody, ...deny }],
    ['accept alone', { b3: '1' }, { ...nobody, ...accept }],
    ['debug alone', { b3: 'd' }, { ...nobody, ...debug }],
    ['the first of repeated headers', { b3: [`${TRACE}-${SPAN}-0`, `${TRACE}-${SPAN}-1`] }, { ...span, ...deny }],
    ['the first of joined headers', { b3: `${TRACE}-${SPAN}-0, 1` }, { ...span, ...deny }],
    ['several headers, accept', { ...ids, 'x-b3-sampled': '1' }, { ...span, ...accept }],
    ['several headers, deny', { ...ids, 'x-b3-sampled': '0' }, { ...span, ...deny }],
    ['several headers without decision', ids, { ...span, ...defer }],
    ['several headers, debug', { ...ids, 'x-b3-flags': '1' }, { ...span, ...debug }],
    ['debug over deny', { ...ids, 'x-b3-flags': '1', 'x-b3-sampled': '0' }, { ...span, ...debug }],
    ['no other flag', { ...ids, 'x-b3-flags': '3' }, { ...span, ...defer }],
    ['true, of old', { ...ids, 'x-b3-sampled': 'true' }, { ...span, ...accept }],
    ['false, of old', { ...ids, 'x-b3-sampled': 'false' }, { ...span, ...deny }],
    ['a 64-bit trace ID', { ...ids, 'x-b3-traceid': HALF }, { traceId: `${'0'.repeat(16)}${HALF}`, spanId: SPAN }],
    ['a parent header of any kind', { ...ids, 'x-b3-parentspanid': 'nonsense' }, { ...span, ...defer }],
    ['an empty header as absent', { ...ids, 'x-b3-sampled': '' }, { ...span, ...defer }],
    ['deny alone in its header', { 'x-b3-sampled': '0' }, { ...nobody, ...deny }],
    ['debug alone in its header', { 'x-b3-flags': '1' }, { ...nobody, ...debug }],
    ['the first of repeated IDs', { ...ids, 'x-b3-traceid': `${TRACE}, ${HALF}` }, { ...span, ...defer }],
    ['the single header before the others', { b3: '0', ...ids, 'x-b3-sampled': '1' }, { ...nobody, ...deny }],
    ['the others when the single one is illegal', { b3: 'x', ...ids, 'x-b3-sampled': '1' }, { ...span, ...accept }],
  ])('%s', (_name, headers, expected) => {
    expect(propagator.extract(headers)).toMatchObject(expected);
  });
});

describe('B3 that is not read', () => {
  test.each<[string, HeaderBag]>([
    ['nothing', {}],
    ['an empty header', { b3: '' }],
    ['a state that is none', { b3: '2' }],
    ['true as a single header', { b3: 'true' }],
    ['a trace ID alone', { b3: TRACE }],
    ['an unknown state', { b3: `${TRACE}-${SPAN}-x` }],
    ['an empty state', { b3: `${TRACE}-${SPAN}-` }],
    ['an upper-case D', { b3: `${TRACE}-${SPAN}-D` }],
    ['a parent in place of the state', { b3: `${TRACE}-${SPAN}-${PARENT}` }],
    ['a short parent', { b3: `${TRACE}-${SPAN}-1-${PARENT.slice(1)}` }],
    ['more than four fields', { b3: `${TRACE}-${SPAN}-1-${PARENT}-1` }],
    ['upper-case hex', { b3: `${TRACE.toUpperCase()}-${SPAN}-1` }],
    ['an upper-case span ID', { b3: `${TRACE}-${SPAN.toUpperCase()}-1` }],
    ['a trace ID of 24 digits', { b3: `${TRACE.slice(8)}-${SPAN}-1` }],
    ['a trace ID of 48 digits', { b3: `${TRACE}${HALF}-${SPAN}-1` }],
    ['a zero trace ID', { b3: `${'0'.repeat(32)}-${SPAN}-1` }],
    ['a zero trace ID of 64 bits', { b3: `${'0'.repeat(16)}-${SPAN}-1` }],
    ['a zero span ID', { b3: `${TRACE}-${'0'.repeat(16)}-1` }],
    ['blanks around', { b3: ` ${TRACE}-${SPAN}-1` }],
    ['a line feed after', { b3: `${TRACE}-${SPAN}-1\n` }],
    ['a trace ID without span', { 'x-b3-traceid': TRACE }],
    ['a span without trace ID', { 'x-b3-spanid': SPAN, 'x-b3-sampled': '1' }],
    ['an unknown decision beside IDs', { ...ids, 'x-b3-sampled': 'd' }],
    ['an unknown decision alone', { 'x-b3-sampled': 'yes' }],
    ['upper-case hex in several headers', { ...ids, 'x-b3-traceid': TRACE.toUpperCase() }],
    ['a zero span ID in several headers', { ...ids, 'x-b3-spanid': '0'.repeat(16) }],
    ['a parent alone', { 'x-b3-parentspanid': PARENT }],
    ['flags of zero alone', { 'x-b3-flags': '0' }],
  ])('%s', (_name, headers) => {
    expect(b3.extract(headers)).toBeUndefined();
  });
});

describe('B3 that is written', () => {
  test.each([
    ['accept', { flags: 3 }, { b3: `${TRACE}-${SPAN}-1` }, { 'x-b3-sampled': '1' }],
    ['deny', { flags: 2 }, { b3: `${TRACE}-${SPAN}-0` }, { 'x-b3-sampled': '0' }],
    ['no decision', { flags: 0, undecided: true }, { b3: `${TRACE}-${SPAN}` }, {}],
    [
      'debug without a decision beside it',
      { flags: 1, debug: true },
      { b3: `${TRACE}-${SPAN}-d` },
      { 'x-b3-flags': '1' },
    ],
  ])('%s', (_name, decision, single, multi) => {
    expect(injected(b3, { ...span, ...decision })).toEqual(single);
    expect(injected(b3multi, { ...span, ...decision })).toEqual({ ...ids, ...multi });
  });
});
