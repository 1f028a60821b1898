import { expect, test } from 'vitest';
import { newSpanId, newTraceId } from '../../src/context/ids.js';

test('trace IDs are 32 and span IDs 16 lower-case hex digits, across many fillings of the pool', () => {
  for (let i = 0; i < 2000; i++) {
    expect(newTraceId()).toMatch(/^[0-9a-f]{32}$/);
    expect(newSpanId()).toMatch(/^[0-9a-f]{16}$/);
  }
});

test('no two are alike, and no random byte serves twice', () => {
  const ids = Array.from({ length: 20_000 }, (_, i) => (i % 3 === 0 ? newSpanId() : newTraceId()));
  const halves = ids.flatMap((id) => id.match(/.{16}/g) ?? []);
  expect(new Set(halves).size).toBe(halves.length);
});
