import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareVersions, comparisonOf, comparisons, type Version, version } from '../../src/flags/semver.js';

const read = (text: string): Version => {
  const found = version(text);
  if (found === undefined) throw new Error(`${text} is no version`);
  return found;
};

describe('a version', () => {
  test('sorts as the specification lists it', () => {
    const order =
      '1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 2.0.0 2.1.0 2.1.1';
    const texts = order.split(' ');
    expect([...texts].reverse().sort((a, b) => compareVersions(read(a), read(b)))).toEqual(texts);
  });

  test.each([
    ['1', '1.0.0'],
    ['1.2', '1.2.0'],
    ['v1.2.3', '1.2.3'],
    ['V1.2.3', '1.2.3'],
    ['1.2.3+build.5', '1.2.3'],
  ])('%s is %s', (text, same) => {
    expect(compareVersions(read(text), read(same))).toBe(0);
  });

  test('as a number is its text', () => {
    expect(version(1.2)).toEqual(read('1.2.0'));
  });

  test.each([
    '',
    'a',
    '1.2.3.4',
    '01.2.3',
    '1.2.3-',
    '1.2.3-01',
    '1.-2.3',
    '1.2.3+',
    '1..3',
    ' ',
    '-1',
    `1.${'9'.repeat(300)}.0`,
  ])('%j is none', (text) => {
    expect(version(text)).toBeUndefined();
  });

  test.each([null, undefined, {}, [], true, Number.NaN])('%j is none either', (given) => {
    expect(version(given)).toBeUndefined();
  });

  test('any text at all is read or refused, and what is read compares', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const [x, y] = [version(a), version(b)];
        if (x !== undefined && y !== undefined)
          expect(Math.sign(compareVersions(x, y))).toBe(-Math.sign(compareVersions(y, x)) + 0);
      }),
    );
  });
});

test.each([
  ['1.2.3', '=', '1.2.3', true],
  ['1.2.3', '!=', '1.2.4', true],
  ['1.2.3', '<', '1.10.0', true],
  ['1.2.3', '<=', '1.2.3', true],
  ['1.2.3', '>', '1.2.3-rc.1', true],
  ['1.2.3', '>=', '1.2.4', false],
  ['1.9.0', '^', '1.2.3', true],
  ['1.0.0', '^', '1.2.3', true],
  ['2.0.0', '^', '1.2.3', false],
  ['1.2.9', '~', '1.2.3', true],
  ['1.3.0', '~', '1.2.3', false],
])('%s %s %s is %s', (a, operator, b, holds) => {
  expect(comparisonOf(operator)?.(read(a), read(b))).toBe(holds);
});

test.each(['toString', '__proto__', '==', '', undefined, 5])('%j is no operator', (name) => {
  expect(comparisonOf(name)).toBeUndefined();
  expect(Object.keys(comparisons)).not.toContain(name);
});
