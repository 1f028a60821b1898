import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { knownMethod, pathOf, type RouteNamer, routeOf } from '../../src/http/route.js';
import { ended } from '../support/exchanges.js';
import { dropsIn, hearing } from '../support/ledger.js';

const notices = hearing();

describe('the method', () => {
  test.each(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'])(
    '%s is known',
    (method) => {
      expect(knownMethod(method)).toBe(method);
    },
  );

  test.each(['get', 'PROPFIND', '', undefined, 'toString', '__proto__'])('%j folds into _OTHER', (method) => {
    expect(knownMethod(method)).toBe('_OTHER');
  });
});

describe('the path', () => {
  test.each([
    ['/a/b', '/a/b'],
    ['/a?b=c', '/a'],
    ['/a?b=c?d', '/a'],
    ['?a', ''],
    ['*', '*'],
    ['http://other/a?b', 'http://other/a'],
    [undefined, ''],
  ])('of %j is %j', (url, path) => {
    expect(pathOf(url)).toBe(path);
  });

  test('of anything never holds a query, and is the beginning of what was sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (url) => {
        const path = pathOf(url);
        expect(path).not.toContain('?');
        expect(url.startsWith(path)).toBe(true);
      }),
    );
  });
});

describe('the route', () => {
  const routed = (framework: (() => unknown) | undefined, namer?: RouteNamer): string => {
    const exchange = ended();
    exchange.readRoute = framework as typeof exchange.readRoute;
    return routeOf(exchange, namer);
  };

  test("is the framework's, else the user's, else unmatched", () => {
    expect(
      routed(
        () => '/users/:id',
        () => '/mine',
      ),
    ).toBe('/users/:id');
    expect(
      routed(
        () => undefined,
        () => '/mine',
      ),
    ).toBe('/mine');
    expect(routed(undefined, () => '/mine')).toBe('/mine');
    expect(routed(undefined, () => undefined)).toBe('_unmatched');
    expect(routed(undefined)).toBe('_unmatched');
  });

  test.each([[''], [42], [null], [{}], [/a/]])('that is %j is none', (route) => {
    expect(routed(() => route)).toBe('_unmatched');
    expect(routed(undefined, () => route as string)).toBe('_unmatched');
  });

  test('is read with the exchange, and named with the request', () => {
    const exchange = ended();
    exchange.readRoute = (given) => (given === exchange ? undefined : 'another');
    expect(routeOf(exchange, (request) => (request === exchange.request ? '/asked' : 'another'))).toBe('/asked');
  });

  test('whose namer throws is unmatched, and that is reported', () => {
    const threw = dropsIn('http.route', 'threw', () => {
      expect(
        routed(undefined, () => {
          throw new Error('no name');
        }),
      ).toBe('_unmatched');
    });
    expect(threw).toBe(1);
    expect(notices[0]?.message).toBe('http.route threw: no name');
  });
});
