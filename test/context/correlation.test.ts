import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_HEADERS, type HeaderBag, identify, isCorrelationId } from '../../src/context/correlation.js';
import type { Identity } from '../../src/core/exchange.js';
import { dropsIn } from '../support/ledger.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const OTHER = '0af7651916cd43dd8448eb211c80319c';
const PARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const MADE = /^[0-9a-f]{32}$/;
const ALLOWED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/=+-';

/** Letter by letter, as a person would check it. */
const keepsTheRule = (id: string): boolean =>
  id.length >= 1 && id.length <= 128 && [...id].every((letter) => ALLOWED.includes(letter));

const legal = (maxLength: number) => fc.string({ unit: fc.constantFrom(...ALLOWED), maxLength });
const anyId = fc.oneof(
  legal(140),
  fc.string({ unit: 'binary' }),
  fc.tuple(legal(10), fc.string({ unit: 'binary', maxLength: 1 }), legal(10)).map((parts) => parts.join('')),
  fc.constantFrom(
    'a\n',
    '\na',
    'a b',
    'a,b',
    '1, 2',
    'é',
    'x'.repeat(128),
    'x'.repeat(129),
    '<script>',
    '%0d%0a',
    "'",
    '"',
    '\\',
  ),
);

function identified(headers: HeaderBag): { identity: Identity; replaced: number } {
  let identity: Identity | undefined;
  const replaced = dropsIn('correlation', 'invalid_id', () => {
    identity = identify(headers, DEFAULT_HEADERS);
  });
  return { identity: identity as unknown as Identity, replaced };
}

describe('what a client sends as its ID', () => {
  test('is taken if and only if it keeps the rule, else it is replaced and counted, and no copy is kept', () => {
    fc.assert(
      fc.property(anyId, (id) => {
        const { identity, replaced } = identified({ 'x-correlation-id': id });
        expect(isCorrelationId(id)).toBe(keepsTheRule(id));
        expect(replaced).toBe(keepsTheRule(id) ? 0 : 1);
        if (keepsTheRule(id)) expect(identity.correlationId).toBe(id);
        else expect(identity.correlationId).toMatch(MADE);
      }),
      { numRuns: 2000 },
    );
  });

  test('of all the letters there are only the 69 that are allowed may stand anywhere in it', () => {
    const passing = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter((letter) =>
      [letter, `a${letter}`, `${letter}a`, `a${letter}a`].every(isCorrelationId),
    );
    expect(passing.sort().join('')).toBe([...ALLOWED].sort().join(''));
    expect(passing).toHaveLength(69);
  });

  test.each([undefined, null, 42, {}, ['a'], Object('a')])('case %# is no ID at all', (value) => {
    expect(isCorrelationId(value)).toBe(false);
  });

  test('is looked for in the headers in order', () => {
    const { identity, replaced } = identified({ 'x-request-id': 'second', 'x-correlation-id': 'first' });
    expect(identity.correlationId).toBe('first');
    expect(replaced).toBe(0);
  });

  test('is taken from the second header when the first is missing, or breaks the rule', () => {
    expect(identified({ 'x-request-id': 'second' }).identity.correlationId).toBe('second');
    const both = identified({ 'x-correlation-id': 'a b', 'x-request-id': 'second' });
    expect(both.identity.correlationId).toBe('second');
    expect(both.replaced).toBe(1);
  });

  test('sent twice is replaced: Node joins the two with a blank', () => {
    const { identity, replaced } = identified({ 'x-correlation-id': '1, 2' });
    expect(identity.correlationId).toMatch(MADE);
    expect(replaced).toBe(1);
  });

  test('under other names than those is not looked at', () => {
    const headers = { 'x-correlation-id': 'theirs', 'x-tenant-request': 'ours' };
    expect(identify(headers, ['x-tenant-request']).correlationId).toBe('ours');
  });
});

describe('the trace', () => {
  test('of the client goes on, with a span of our own, and its ID serves where no other was sent', () => {
    const { identity } = identified({ traceparent: PARENT });
    expect(identity).toMatchObject({ traceId: TRACE, correlationId: TRACE });
    expect(identity.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(identity.spanId).not.toBe('00f067aa0ba902b7');
  });

  test('and the correlation ID are two things when both were sent', () => {
    const { identity } = identified({ traceparent: PARENT, 'x-correlation-id': OTHER });
    expect(identity).toMatchObject({ traceId: TRACE, correlationId: OTHER });
  });

  test('takes a correlation ID that has the form of a trace ID, when no trace was sent', () => {
    expect(identified({ 'x-correlation-id': OTHER }).identity.traceId).toBe(OTHER);
  });

  test.each([
    ['in upper case', OTHER.toUpperCase()],
    ['of zeros', '0'.repeat(32)],
    ['that is too short', OTHER.slice(1)],
    ['that is too long', `${OTHER}0`],
  ])('does not take one %s', (_name, id) => {
    const { identity, replaced } = identified({ 'x-correlation-id': id });
    expect(identity.correlationId).toBe(id);
    expect(identity.traceId).toMatch(MADE);
    expect(identity.traceId).not.toBe(id);
    expect(replaced).toBe(0);
  });

  test.each([`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, `${PARENT}, ${PARENT}`, 'nonsense', ''])(
    'is a new one when traceparent is %j',
    (traceparent) => {
      const { identity, replaced } = identified({ traceparent });
      expect(identity.traceId).toMatch(MADE);
      expect(identity.traceId).not.toBe(TRACE);
      expect(replaced).toBe(0);
    },
  );

  test('is not read from a list of headers', () => {
    expect(identified({ traceparent: [PARENT] }).identity.traceId).not.toBe(TRACE);
  });
});

test('without any header everything is new, and new each time', () => {
  const all = Array.from({ length: 2000 }, () => identified({}).identity);
  expect(new Set(all.map(({ correlationId }) => correlationId)).size).toBe(2000);
  expect(new Set(all.map(({ spanId }) => spanId)).size).toBe(2000);
  for (const { correlationId, traceId } of all) expect(correlationId).toBe(traceId);
});
