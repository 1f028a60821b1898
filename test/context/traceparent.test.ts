import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTraceparent } from '../../src/context/traceparent.js';
import { random } from '../support/random.js';
import { keptBy } from '../traces/propagators/heap.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const of = (flags: number) => ({ traceId: TRACE, spanId: SPAN, flags, undecided: false, debug: false });

describe('what is read', () => {
  test.each([
    ['version 00, sampled', `00-${TRACE}-${SPAN}-01`, of(1)],
    ['version 00, not sampled', `00-${TRACE}-${SPAN}-00`, of(0)],
    ['the random flag of level 2', `00-${TRACE}-${SPAN}-03`, of(3)],
    ['no other flag', `00-${TRACE}-${SPAN}-ff`, of(3)],
    ['only the two flags that are defined', `00-${TRACE}-${SPAN}-fc`, of(0)],
    ['a future version', `01-${TRACE}-${SPAN}-01`, of(1)],
    ['a future version with a tail', `cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`, of(1)],
    ['a future version with an empty tail', `cc-${TRACE}-${SPAN}-01-`, of(1)],
    ['the last version there can be', `fe-${TRACE}-${SPAN}-01`, of(1)],
  ])('%s', (_name, header, span) => {
    expect(parseTraceparent(header)).toEqual(span);
  });
});

describe('what is not read', () => {
  test.each([
    ['an empty header', ''],
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['version 00 with a tail', `00-${TRACE}-${SPAN}-01-extra`],
    ['version 00 with an empty tail', `00-${TRACE}-${SPAN}-01-`],
    ['a future version whose tail begins without a dash', `01-${TRACE}-${SPAN}-01.what`],
    ['a future version with longer flags', `01-${TRACE}-${SPAN}-012`],
    ['a zero trace ID', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a zero span ID', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['an upper-case trace ID', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['an upper-case span ID', `00-${TRACE}-${SPAN.toUpperCase()}-01`],
    ['an upper-case version', `0A-${TRACE}-${SPAN}-01`],
    ['a short trace ID', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['a long trace ID', `00-0${TRACE}-${SPAN}-01`],
    ['a short span ID', `00-${TRACE}-${SPAN.slice(1)}-01`],
    ['short flags', `00-${TRACE}-${SPAN}-1`],
    ['no flags', `00-${TRACE}-${SPAN}`],
    ['what is no hex', `00-${TRACE.replace('4', 'g')}-${SPAN}-01`],
    ['a blank before', ` 00-${TRACE}-${SPAN}-01`],
    ['a blank after', `00-${TRACE}-${SPAN}-01 `],
    ['a line feed after', `00-${TRACE}-${SPAN}-01\n`],
    ['a header that was sent twice', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
  ])('%s', (_name, header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });
});

test('an ID does not keep the long header that it was cut out of', () => {
  const header = (i: number) => Buffer.from(`01-${TRACE}-${SPAN}-01-${i}${'x'.repeat(60_000)}`).toString();
  const spans = () => Array.from({ length: 1000 }, (_, i) => parseTraceparent(header(i)));
  expect(keptBy(spans)).toBeLessThan(8); // the headers are 60 MB
});

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });

test('any version, IDs and flags within the grammar are read as they stand', () => {
  const legal = fc.tuple(hex(2), hex(32), hex(16), hex(2));
  fc.assert(
    fc.property(legal, ([version, traceId, spanId, flags]) => {
      fc.pre(version !== 'ff' && /[^0]/.test(traceId) && /[^0]/.test(spanId));
      const expected = { traceId, spanId, flags: Number.parseInt(flags, 16) % 4, undecided: false, debug: false };
      expect(parseTraceparent(`${version}-${traceId}-${spanId}-${flags}`)).toEqual(expected);
    }),
  );
});

test('a hundred thousand random headers: none throws, and what is read is legal', () => {
  const next = random(13);
  const alphabet = '0123456789abcdefABCDEFgz-, .\n\0é\u{1f600}';
  const legal = `00-${TRACE}-${SPAN}-01`;
  let read = 0;
  for (let i = 0; i < 100_000; i++) {
    const text = [...legal].slice(0, next() < 0.1 ? Math.floor(next() * 60) : 60);
    for (let edits = Math.floor(next() * 4); edits > 0; edits--) {
      const letter = alphabet[Math.floor(next() * alphabet.length)] as string;
      text.splice(Math.floor(next() * text.length), next() < 0.9 ? 1 : 0, letter);
    }
    const span = parseTraceparent(text.join(''));
    if (span === undefined) continue;
    read++;
    if (!/^[0-9a-f]{32}$/.test(span.traceId) || !/^[0-9a-f]{16}$/.test(span.spanId) || (span.flags & ~3) !== 0) {
      expect.fail(`read ${JSON.stringify(span)} from ${JSON.stringify(text.join(''))}`);
    }
  }
  expect(read).toBeGreaterThan(1000);
});
