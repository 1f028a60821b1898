import { describe, expect, test } from 'vitest';
import { ConfigError, shown } from '../../src/config/config-error.js';
import { problemsOf } from '../support/options.js';

describe('an unknown option', () => {
  test.each([
    [{ servce: 'a' }, 'unknown option "servce" (did you mean "service"?)'],
    [{ logs: {} }, 'unknown option "logs" (did you mean "log"?)'],
    [{ http: { ingore: [] } }, 'unknown option "http.ingore" (did you mean "http.ignore"?)'],
    [{ log: { Level: 'info' } }, 'unknown option "log.Level" (did you mean "log.level"?)'],
    [{ saturation: { interval: 5 } }, 'unknown option "saturation.interval" (did you mean "saturation.intervalMs"?)'],
  ])('%j is told with the nearest one', (options, start) => {
    const [problem, ...more] = problemsOf(options);
    expect(problem?.startsWith(`${start}; known: `)).toBe(true);
    expect(more).toEqual([]);
  });

  test('that is like none is told with those there are', () => {
    expect(problemsOf({ http: { zzzz: 1 } })).toEqual([
      'unknown option "http.zzzz"; known: http.auto, http.ignore, http.correlationHeaders, http.propagateTo, http.route, http.trust, http.targetingKey, http.readOnly, http.limit',
    ]);
  });

  test('is wrong even when it is undefined', () => {
    expect(problemsOf({ servce: undefined })).toHaveLength(1);
  });

  test.each(['toString', '__proto__', 'constructor', 'hasOwnProperty', 'accepts', ''])('may be called %j', (key) => {
    for (const options of [JSON.parse(`{"${key}":{"a":1}}`), JSON.parse(`{"http":{"${key}":1}}`)]) {
      expect(problemsOf(options)).toEqual([expect.stringMatching(/^unknown option "/)]);
    }
  });
});

describe('the error', () => {
  test('tells all problems at once, one a line, and keeps them apart', () => {
    const options = { service: '', htp: {}, log: { level: 'loud', redact: 'a' }, saturation: null };
    const error = new ConfigError(problemsOf(options));
    expect(error.problems).toHaveLength(5);
    expect(error.message.split('\n')).toEqual(error.problems.map((problem) => `fourlights: ${problem}`));
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('ConfigError');
  });

  test.each([
    [null, 'null'],
    ['shop', '"shop"'],
    [[], '[]'],
    [7, '7'],
  ])('options that are %j are none', (options, told) => {
    expect(problemsOf(options)).toEqual([`options must be an object, got ${told}`]);
    expect(problemsOf({ http: options })).toEqual([`http must be an object, got ${told}`]);
  });

  test('shows a value as one would write it, and never more than a hint of a long one', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const values = [() => 1, Symbol('s'), undefined, Number.NaN, -0, 1n, circle, 'x'.repeat(1000)];
    expect(values.map(shown)).toEqual([
      'a function',
      'Symbol(s)',
      'undefined',
      'NaN',
      '0',
      '1n',
      'an object that cannot be shown',
      `"${'x'.repeat(76)}...`,
    ]);
  });
});
