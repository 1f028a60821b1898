import { expect, test } from 'vitest';
import { plain, plainLine } from '../../src/core/plain.js';

test('what a terminal would obey, or write backwards, is a question mark; all else stays', () => {
  expect(plain('a\x1b[2J\x07\x9b1m\u202eb\u200b\r\n\tc é 用')).toBe('a?[2J??1m?b??\n?c é 用');
  expect(plainLine('a\nb')).toBe('a?b');
});
