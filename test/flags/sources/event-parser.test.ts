import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventParser, type ServerEvent } from '../../../src/flags/sources/event-parser.js';

const parsed = (...pieces: (string | Uint8Array)[]): ServerEvent[] => {
  const parser = new EventParser(10_000);
  return pieces.flatMap((piece) => parser.push(typeof piece === 'string' ? Buffer.from(piece) : piece));
};

test.each([
  ['an event', 'data: a\n\n', [{ type: 'message', data: 'a', id: '' }]],
  ['no space after the colon, and two', 'data:a\ndata:  b\n\n', [{ type: 'message', data: 'a\n b', id: '' }]],
  [
    'a type, for one event',
    'event: put\ndata: a\n\ndata: b\n\n',
    [
      { type: 'put', data: 'a', id: '' },
      { type: 'message', data: 'b', id: '' },
    ],
  ],
  [
    'an ID, until the next',
    'id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n',
    [
      { type: 'message', data: 'a', id: '1' },
      { type: 'message', data: 'b', id: '1' },
      { type: 'message', data: 'c', id: '' },
    ],
  ],
  ['an ID with a NUL is none', 'id: \0\ndata: a\n\n', [{ type: 'message', data: 'a', id: '' }]],
  ['comments and unknown fields', ': hello\nfoo: bar\nfoo\ndata: a\n\n', [{ type: 'message', data: 'a', id: '' }]],
  ['without data there is no event', 'event: put\nid: 7\n\n', []],
  ['empty data is data', 'data\n\n', [{ type: 'message', data: '', id: '' }]],
  ['an event that is not ended is none', 'data: a\n', []],
  [
    'ends of lines of all kinds',
    'data: a\r\rdata: b\r\n\r\ndata: c\n\r\n',
    [
      { type: 'message', data: 'a', id: '' },
      { type: 'message', data: 'b', id: '' },
      { type: 'message', data: 'c', id: '' },
    ],
  ],
  ['a byte order mark', '\ufeffdata: a\n\n', [{ type: 'message', data: 'a', id: '' }]],
])('%s', (_name, text, events) => expect(parsed(text)).toEqual(events));

test('it makes no difference where the pieces are cut', () => {
  const line = fc.oneof(
    fc.constantFrom('', '', 'data', 'data: é🙂', 'data:{"a":1}', ': c', 'event: put', 'id: 3', 'retry: 5', 'x'),
    fc.string(),
  );
  const end = fc.constantFrom('\n', '\r', '\r\n');
  const stream = fc.array(fc.tuple(line, end), { maxLength: 30 }).map((lines) => lines.flat().join(''));
  fc.assert(
    fc.property(stream, fc.array(fc.nat(200), { maxLength: 20 }), (text, cuts) => {
      const bytes = Buffer.from(text);
      const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
      const pieces = at.slice(1).map((to, i) => bytes.subarray(at[i], to));
      expect(parsed(...pieces)).toEqual(parsed(bytes));
    }),
    { numRuns: 2000 },
  );
});

test('it never holds more than it may', () => {
  expect(() => parsed(`data: ${'x'.repeat(20_000)}`)).toThrow('larger than allowed');
  expect(() => parsed('x'.repeat(6000), 'x'.repeat(6000))).toThrow('larger than allowed');
  expect(() => parsed('data: 1234567890\n'.repeat(2000))).toThrow('larger than allowed');
  expect(parsed('data: 1234567890\n\n'.repeat(2000))).toHaveLength(2000);
});
