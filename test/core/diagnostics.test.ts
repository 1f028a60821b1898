import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Diagnostics, diagnostics, messageOf, type Notice } from '../../src/core/diagnostics.js';
import { slot } from '../../src/core/slot.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

function voice() {
  const said: Notice[] = [];
  const speaker = new Diagnostics();
  speaker.speakThrough((notice) => said.push(notice));
  return { speaker, said };
}

/** What it says on stderr while `work` goes on. */
function onStderr(work: (speaker: Diagnostics) => void): string[] {
  const lines: string[] = [];
  work(new Diagnostics((text) => lines.push(text)));
  return lines;
}

describe('a notice', () => {
  test('is told with its code, message and cause', () => {
    const { speaker, said } = voice();
    const cause = new Error('disk');
    speaker.warn('a code', 'something is wrong', cause);
    expect(said).toEqual([{ code: 'a code', message: 'something is wrong', cause, repeated: 0 }]);
  });

  test('is told once a minute for one code, the next time with how many were withheld', () => {
    const { speaker, said } = voice();
    for (let i = 0; i < 5; i++) speaker.warn('a', `number ${i}`);
    vi.advanceTimersByTime(59_999);
    speaker.warn('a', 'still too soon');
    expect(said).toHaveLength(1);
    vi.advanceTimersByTime(1);
    speaker.warn('a', 'a minute later');
    expect(said[1]).toMatchObject({ message: 'a minute later', repeated: 5 });
    vi.advanceTimersByTime(60_000);
    speaker.warn('a', 'two minutes later');
    expect(said[2]?.repeated).toBe(0);
  });

  test('of another code is not held back', () => {
    const { speaker, said } = voice();
    speaker.warn('a', 'one');
    speaker.warn('b', 'two');
    expect(said.map(({ code }) => code)).toEqual(['a', 'b']);
  });

  test('of the 201st code is not told: codes are few, and what makes many is a fault', () => {
    const { speaker, said } = voice();
    for (let i = 0; i < 300; i++) speaker.warn(`code ${i}`, 'x');
    expect(said).toHaveLength(200);
  });

  test('goes to stderr in one line until a voice is lent, and again when it is given back', () => {
    const lines = onStderr((speaker) => {
      speaker.warn('early', 'before the logger');
      speaker.speakThrough(() => {});
      speaker.warn('lent', 'not on stderr');
      speaker.speakThrough(undefined);
      vi.advanceTimersByTime(60_000);
      speaker.warn('early', 'after the logger');
    });
    expect(lines).toEqual(['before the logger [early]', 'after the logger [early]']);
  });

  test('says on stderr how many were withheld', () => {
    const lines = onStderr((speaker) => {
      for (let i = 0; i < 3; i++) speaker.warn('a', 'x');
      vi.advanceTimersByTime(60_000);
      speaker.warn('a', 'x');
    });
    expect(lines[1]).toBe('x (2 more since the last) [a]');
  });

  test('whose voice throws is told on stderr, and nobody else hears of it', () => {
    const lines = onStderr((speaker) => {
      speaker.speakThrough(() => {
        throw new Error('mute');
      });
      speaker.warn('a', 'still heard');
    });
    expect(lines).toEqual(['still heard [a]']);
  });

  test('that is told from within the telling of the same notice does not come round for ever', () => {
    const speaker = new Diagnostics();
    const said: Notice[] = [];
    speaker.speakThrough((notice) => {
      said.push(notice);
      speaker.warn('a', 'again');
    });
    speaker.warn('a', 'x');
    expect(said).toHaveLength(1);
  });
});

describe('the ledger', () => {
  test('counts drops by signal and reason', () => {
    const { speaker } = voice();
    speaker.drop('series', 'cap');
    speaker.drop('series', 'cap', 4);
    speaker.drop('series', 'other');
    speaker.drop('logs', 'cap', 0);
    expect(speaker.drops()).toEqual({ series: { cap: 5, other: 1 }, logs: { cap: 0 } });
  });

  test('is handed out as a copy', () => {
    const { speaker } = voice();
    speaker.drop('logs', 'full');
    const before = speaker.drops();
    speaker.drop('logs', 'full');
    expect(before).toEqual({ logs: { full: 1 } });
  });

  test.each(['__proto__', 'constructor', 'toString'])('keeps a signal named %s', (name) => {
    const { speaker } = voice();
    speaker.drop(name, name);
    speaker.drop(name, name);
    expect(Object.entries(speaker.drops())).toEqual([[name, Object.fromEntries([[name, 2]])]]);
  });

  test('counts every report of what threw, also those that are not told', () => {
    const { speaker, said } = voice();
    const cause = new Error('boom');
    for (let i = 0; i < 3; i++) speaker.report('observer x', cause);
    expect(speaker.drops()).toEqual({ 'observer x': { threw: 3 } });
    expect(said).toEqual([{ code: 'observer x threw', message: 'observer x threw: boom', cause, repeated: 0 }]);
  });
});

test('there is one for all copies of the package in the process', () => {
  expect(slot('diagnostics', () => new Diagnostics())).toBe(diagnostics);
});

test.each([
  [new TypeError('wrong'), 'wrong'],
  ['a text', 'a text'],
  [undefined, 'undefined'],
  [null, 'null'],
  [Object.create(null), 'a value that cannot be shown'],
  [
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
        getPrototypeOf: () => {
          throw new Error('no');
        },
      },
    ),
    'a value that cannot be shown',
  ],
])('the message of what was thrown: case %#', (cause, message) => {
  expect(messageOf(cause)).toBe(message);
});
