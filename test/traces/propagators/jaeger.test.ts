import { describe, expect, test } from 'vitest';
import { jaeger } from '../../../src/traces/propagators/jaeger.js';
import { HALF, injected, SPAN, TRACE } from './injected.js';

const read = (header: string | string[]) => jaeger.extract({ 'uber-trace-id': header });
const span = { traceId: TRACE, spanId: SPAN };

describe('Jaeger headers that are read', () => {
  test.each([
    ['sampled', `${TRACE}:${SPAN}:0:1`, { ...span, flags: 1, undecided: false, debug: false }],
    ['not sampled', `${TRACE}:${SPAN}:0:0`, { ...span, flags: 0, undecided: false, debug: false }],
    ['debug', `${TRACE}:${SPAN}:0:3`, { ...span, flags: 1, debug: true }],
    ['debug without sampled, which it means', `${TRACE}:${SPAN}:0:2`, { ...span, flags: 1, debug: true }],
    ['flags of two digits', `${TRACE}:${SPAN}:0:01`, { ...span, flags: 1 }],
    ['no flag of other meaning', `${TRACE}:${SPAN}:0:f8`, { ...span, flags: 0, debug: false }],
    ['a parent', `${TRACE}:${SPAN}:${HALF}:1`, span],
    ['a 64-bit trace ID', `${HALF}:${SPAN}:0:1`, { traceId: `${'0'.repeat(16)}${HALF}` }],
    ['IDs without leading zeros', `1f:${SPAN.slice(2)}:0:1`, { traceId: '1f'.padStart(32, '0'), spanId: SPAN }],
    ['upper-case hex', `${TRACE.toUpperCase()}:${SPAN.toUpperCase()}:0:1`, span],
    ['encoded colons', `${TRACE}%3A${SPAN}%3a0%3A1`, { ...span, flags: 1 }],
  ])('%s', (_name, header, expected) => {
    expect(read(header)).toMatchObject(expected);
  });
});

describe('Jaeger headers that are not read', () => {
  test.each([
    ['an empty one', ''],
    ['three fields', `${TRACE}:${SPAN}:1`],
    ['five fields', `${TRACE}:${SPAN}:0:1:1`],
    ['a trace ID of 33 digits', `0${TRACE}:${SPAN}:0:1`],
    ['a span ID of 17 digits', `${TRACE}:0${SPAN}:0:1`],
    ['a zero trace ID', `0:${SPAN}:0:1`],
    ['a zero span ID', `${TRACE}:0:0:1`],
    ['an empty trace ID', `:${SPAN}:0:1`],
    ['no flags', `${TRACE}:${SPAN}:0:`],
    ['what is no hex', `${TRACE}:${SPAN}:0:x`],
    ['a percent sign that encodes nothing', '%'],
    ['an encoding that is cut short', `${TRACE}%3${SPAN}%3A0%3A1`],
    ['a header that was sent twice', [`${TRACE}:${SPAN}:0:1`, `${TRACE}:${SPAN}:0:1`]],
  ])('%s', (_name, header) => {
    expect(read(header)).toBeUndefined();
  });
});

describe('Jaeger headers that are written', () => {
  test.each([
    [{ flags: 3 }, '01'],
    [{ flags: 2 }, '00'],
    [{ flags: 0, undecided: true }, '00'],
    [{ flags: 1, debug: true }, '03'],
  ])('%j as %s', (decision, flags) => {
    expect(injected(jaeger, { ...span, ...decision })).toEqual({ 'uber-trace-id': `${TRACE}:${SPAN}:0:${flags}` });
  });
});
