import { describe, expect, test } from 'vitest';
import { guard } from '../../src/core/guard.js';
import { dropsIn, hearing } from '../support/ledger.js';

const notices = hearing();

describe('guard', () => {
  test('runs the work', () => {
    let ran = 0;
    guard('work', () => ran++);
    expect(ran).toBe(1);
    expect(notices).toEqual([]);
  });

  test('what the work throws goes no further and is reported under its place', () => {
    const cause = new Error('boom');
    const threw = dropsIn('work', 'threw', () =>
      guard('work', () => {
        throw cause;
      }),
    );
    expect(threw).toBe(1);
    expect(notices).toEqual([{ code: 'work threw', message: 'work threw: boom', cause, repeated: 0 }]);
  });

  test('what the work rejects with is reported too, and is no unhandled rejection', async () => {
    guard('later', () => Promise.reject(new Error('late')));
    await Promise.resolve();
    expect(notices.map(({ message }) => message)).toEqual(['later threw: late']);
  });

  test('a work that resolves is reported nowhere', async () => {
    guard('later', () => Promise.resolve(1));
    await Promise.resolve();
    expect(notices).toEqual([]);
  });
});
