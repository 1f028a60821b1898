import { expect, test } from 'vitest';
import { atOnce } from '../../src/core/at-once.js';
import { hearing } from '../support/ledger.js';

const notices = hearing();

test('what is there at once passes, whatever it is', () => {
  for (const answer of [undefined, null, 0, '', false, {}]) expect(atOnce('here', answer)).toBe(answer);
  expect(notices).toEqual([]);
});

test('a promise is no answer: that is told, and its rejection is heard', async () => {
  expect(atOnce('http.ignore', Promise.reject(new Error('of the user')))).toBeUndefined();
  await new Promise((resolve) => setImmediate(resolve)); // an unhandled rejection would fail the run
  expect(notices).toMatchObject([{ code: 'http.ignore threw', message: expect.stringContaining('with a promise') }]);
});
