import { describe, expect, test } from 'vitest';
import type { ServerRequest } from '../../src/core/exchange.js';
import { ignoreRule } from '../../src/http/ignore.js';
import { dropsIn, hearing } from '../support/ledger.js';

const notices = hearing();
const request = { url: '/a' } as ServerRequest;

describe('a list', () => {
  const ignores = ignoreRule(['/livez', '/assets/*', '/v*']);

  test.each(['/livez', '/assets/', '/assets/app.js', '/assets/a/b', '/v', '/v1'])('ignores %s', (path) => {
    expect(ignores(request, path)).toBe(true);
  });

  test.each(['/livez/', '/livez2', '/Livez', '/', '', '/assets', '/x/livez', '/api/assets/a'])('records %s', (path) => {
    expect(ignores(request, path)).toBe(false);
  });

  test('that is empty ignores nothing', () => {
    expect(ignoreRule([])(request, '/livez')).toBe(false);
  });

  test('with a star alone below the root ignores everything', () => {
    expect(ignoreRule(['/*'])(request, '/any/thing')).toBe(true);
  });
});

describe('a function', () => {
  test('is asked with the request', () => {
    const ignores = ignoreRule((asked) => asked === request);
    expect(ignores(request, '/a')).toBe(true);
    expect(ignores({ url: '/a' } as ServerRequest, '/a')).toBe(false);
  });

  test('must say true: what only looks like it is no', () => {
    expect(ignoreRule((() => 1) as unknown as () => boolean)(request, '/a')).toBe(false);
  });

  test('that throws ignores nothing, and is reported each time', () => {
    const ignores = ignoreRule(() => {
      throw new Error('confused');
    });
    const threw = dropsIn('http.ignore', 'threw', () => {
      expect([ignores(request, '/a'), ignores(request, '/a')]).toEqual([false, false]);
    });
    expect(threw).toBe(2);
    expect(notices).toHaveLength(1);
  });
});
