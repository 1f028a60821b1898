import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bytes } from '../../src/metrics/bytes.js';

test('whatever is written, in whatever order, is there as UTF-8, however little room was expected', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ minLength: 3000, maxLength: 5000 }));
  const count = fc.oneof(fc.nat(), fc.double(), fc.constantFrom(0, 9, 10, 99, 2 ** 31 - 1, 2 ** 31, 1e21, -1, 0.5));
  fc.assert(
    fc.property(fc.array(fc.oneof(text, count)), fc.nat(10_000), (parts, expected) => {
      const bytes = new Bytes(expected);
      for (const part of parts) {
        if (typeof part === 'number') bytes.count(part);
        else bytes.text(part);
        bytes.bytes(Buffer.from('é'));
        bytes.line();
      }
      expect(bytes.end().equals(Buffer.from(parts.map((part) => `${part}é\n`).join('')))).toBe(true);
    }),
  );
});

test('what is cut off is gone, and what follows comes in its place', () => {
  const bytes = new Bytes(0);
  bytes.text('a whole line');
  bytes.cut(7);
  bytes.count(42);
  expect(String(bytes.end())).toBe('a whole42');
});
