import { expect, test, vi } from 'vitest';
import { slot } from '../../src/core/slot.js';

test('the first who asks makes the value, all others get the same', () => {
  const made = slot('test.first', () => ({ by: 'first' }));
  expect(slot('test.first', () => ({ by: 'second' }))).toBe(made);
  expect(made.by).toBe('first');
});

test('a value that is undefined or null is a value: it is made once', () => {
  const make = vi.fn(() => undefined);
  slot('test.nothing', make);
  slot('test.nothing', make);
  expect(make).toHaveBeenCalledTimes(1);
});

test('another copy of the module shares the values', async () => {
  const made = slot('test.copies', () => ({}));
  vi.resetModules();
  const copy = await import('../../src/core/slot.js');
  expect(copy.slot).not.toBe(slot);
  expect(copy.slot('test.copies', () => ({}))).toBe(made);
});
