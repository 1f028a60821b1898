import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearest } from '../../src/core/nearest.js';
import { has, unknownName } from '../../src/core/table.js';

const known = ['service', 'version', 'environment', 'http', 'log', 'saturation', 'shutdownTimeoutMs'];

describe('the nearest name', () => {
  test.each([
    ['servce', 'service'],
    ['SERVICE', 'service'],
    ['Log', 'log'],
    ['logs', 'log'],
    ['shutdownTimeout', 'shutdownTimeoutMs'],
    ['enviroment', 'environment'],
  ])('%s means %s', (name, meant) => {
    expect(nearest(name, known)).toBe(meant);
  });

  test.each(['zzzzzzzz', 'completely different', ''])('%j means none of them', (name) => {
    expect(nearest(name, ['service', 'environment'])).toBeUndefined();
  });

  test('of two that are as near the first is taken', () => {
    expect(nearest('cat', ['bat', 'rat'])).toBe('bat');
  });

  test('a name of a megabyte is looked at in its first 64 characters', () => {
    expect(nearest('x'.repeat(1e6), known)).toBeUndefined();
  });

  test('is one of the known ones, and a known one is nearest to itself', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string({ maxLength: 20 })), (name, names) => {
        const found = nearest(name, names);
        expect(found === undefined || names.includes(found)).toBe(true);
      }),
    );
    for (const name of known) expect(nearest(name, known)).toBe(name);
  });
});

describe('a table', () => {
  const table = { alpha: 1, beta: 2 };

  test('has its own names and no others', () => {
    expect(has(table, 'alpha')).toBe(true);
    for (const name of ['gamma', 'toString', '__proto__', 'constructor']) expect(has(table, name)).toBe(false);
  });

  test('an unknown name is told with the nearest and all that are known', () => {
    expect(unknownName('letter', table, 'alfa')).toBe(
      'unknown letter "alfa" (did you mean "alpha"?); known: alpha, beta',
    );
    expect(unknownName('letter', table, 'omicron')).toBe('unknown letter "omicron"; known: alpha, beta');
  });
});
