import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileRule } from '../../../src/flags/compile.js';
import { murmur3 } from '../../../src/flags/hash.js';
import type { Json, Rule } from '../../../src/flags/rule.js';
import { Scope } from '../../../src/flags/scope.js';

const scope = new Scope(() => 0);

function given(rule: Rule, context: Record<string, unknown>): unknown {
  scope.call = context;
  scope.keyMissing = false;
  return rule(scope);
}

const split = (fractional: Json, flagKey = 'new-checkout'): Rule => compileRule({ fractional }, { flagKey });

/** flagd's second version, in whole numbers of any size. */
function expected(text: string, buckets: readonly (readonly [string, number])[]): string | null {
  const total = buckets.reduce((sum, [, weight]) => sum + BigInt(weight), 0n);
  const bucket = (BigInt(murmur3(text)) * total) >> 32n;
  let sum = 0n;
  for (const [variant, weight] of buckets) {
    sum += BigInt(weight);
    if (sum > bucket) return variant;
  }
  return null;
}

describe('who goes where', () => {
  test.each([
    ['user-1', 'off'],
    ['user-2', 'on'],
    ['user-3', 'off'],
    ['user-4', 'off'],
    ['user-8', 'on'],
  ])('%s is %s at 25 %%', (targetingKey, variant) => {
    expect(
      given(
        split([
          ['on', 25],
          ['off', 75],
        ]),
        { targetingKey },
      ),
    ).toBe(variant);
  });

  test('is what whole numbers of any size say, for any weights, written in the rule or computed', () => {
    const weights = fc.array(fc.oneof(fc.nat(100), fc.integer({ min: 0, max: 2 ** 28 })), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(weights, fc.string(), (all, key) => {
        fc.pre(all.some((weight) => weight > 0) && key !== '');
        const buckets = all.map((weight, index) => [`v${index}`, weight] as const);
        const wanted = expected(`f${key}`, buckets);
        const computed: Json[] = buckets.map(([variant, weight]) => [variant, { if: [true, weight] }]);
        expect(given(split(buckets, 'f'), { targetingKey: key })).toBe(wanted);
        expect(given(split(computed, 'f'), { targetingKey: key })).toBe(wanted);
      }),
      { numRuns: 2000 },
    );
  });

  test.each(['ejOoVL', 'bY9fO-', 'SI7p-', '6LvT0', 'ceQdGm'])('is so at the edges of the hash: %s', (key) => {
    for (const weights of [
      [50, 50],
      [1, 1, 1],
      [2 ** 31 - 2, 1],
      [1, 2 ** 31 - 2],
      [0, 1, 0],
    ]) {
      const buckets = weights.map((weight, index) => [`v${index}`, weight] as const);
      expect(given(split([{ var: 'id' }, ...buckets]), { id: key })).toBe(expected(key, buckets));
    }
  });

  test('a text that begins with the flag’s key is hashed like any other', () => {
    const by = (prefix: Json): Rule => split([{ cat: [prefix, { var: 'id' }] }, ['a', 1], ['b', 1]]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (id) => {
        const wanted = expected(`new-checkout${id}`, [
          ['a', 1],
          ['b', 1],
        ]);
        expect(given(by({ var: '$flagd.flagKey' }), { id })).toBe(wanted);
        expect(given(by('new-checkout'), { id })).toBe(wanted);
      }),
    );
  });
});

describe('a population', () => {
  const USERS = 1_000_000;

  test('of a million is split at 25 % to within 0.2 points', () => {
    const rule = split([
      ['on', 25],
      ['off', 75],
    ]);
    let on = 0;
    for (let i = 0; i < USERS; i++) if (given(rule, { targetingKey: `user-${i}` }) === 'on') on++;
    expect(Math.abs(on / USERS - 0.25)).toBeLessThan(0.002);
  });

  test('keeps everyone who was in from 10 to 25 to 50 %, and lets in as many as it should', () => {
    const steps = [10, 25, 50].map((percent) =>
      split([
        ['on', percent],
        ['off', 100 - percent],
      ]),
    );
    const counts = [0, 0, 0];
    for (let i = 0; i < 100_000; i++) {
      let was = false;
      for (const [step, rule] of steps.entries()) {
        const is = given(rule, { targetingKey: `u${i}` }) === 'on';
        if (was && !is) throw new Error(`u${i} was in and is out at step ${step}`);
        if (is) counts[step] = (counts[step] ?? 0) + 1;
        was = is;
      }
    }
    for (const [step, percent] of [10, 25, 50].entries()) expect((counts[step] ?? 0) / 1000).toBeCloseTo(percent, 0);
  });

  test.each([[[1, 1, 1, 1]], [[50, 30, 15, 5]], [[1, 999]]])(
    'is spread over %j by chance alone (chi-square, p > 0.001)',
    (weights) => {
      const critical: Readonly<Record<number, number>> = { 1: 10.83, 3: 16.27 };
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const rule = split(weights.map((weight, index) => [`v${index}`, weight]));
      const counts = new Map<unknown, number>();
      const size = 200_000;
      for (let i = 0; i < size; i++) {
        const variant = given(rule, { targetingKey: `person-${i * 31}` });
        counts.set(variant, (counts.get(variant) ?? 0) + 1);
      }
      const chi = weights.reduce((sum, weight, index) => {
        const wanted = (size * weight) / total;
        return sum + ((counts.get(`v${index}`) ?? 0) - wanted) ** 2 / wanted;
      }, 0);
      expect(chi).toBeLessThan(critical[weights.length - 1] ?? 0);
    },
  );
});

describe('what cannot be split is null', () => {
  const buckets: Json[] = [
    ['on', 1],
    ['off', 1],
  ];

  test.each<[string, Json, Record<string, unknown>, boolean]>([
    ['nobody to place', buckets, {}, true],
    ['an empty targeting key', buckets, { targetingKey: '' }, true],
    ['a targeting key that is no text', buckets, { targetingKey: true }, true],
    ['an attribute that is missing', [{ var: 'id' }, ...buckets], { targetingKey: 'u' }, true],
    [
      'weights of 0',
      [
        ['on', 0],
        ['off', 0],
      ],
      { targetingKey: 'u' },
      false,
    ],
    ['a weight that is a text', [['on', '25']], { targetingKey: 'u' }, false],
    [
      'a weight with a fraction',
      [
        ['on', 1.5],
        ['off', 1],
      ],
      { targetingKey: 'u' },
      false,
    ],
    [
      'weights beyond 2^31 - 1',
      [
        ['on', 2 ** 31 - 1],
        ['off', 1],
      ],
      { targetingKey: 'u' },
      false,
    ],
    ['a bucket of three', [['on', 1, 2]], { targetingKey: 'u' }, false],
    ['no bucket', [], { targetingKey: 'u' }, false],
  ])('%s', (_name, fractional, context, keyMissing) => {
    expect(given(split(fractional), context)).toBeNull();
    expect(scope.keyMissing).toBe(keyMissing);
  });

  test('a number as the targeting key is its text', () => {
    expect(given(split(buckets), { targetingKey: 7 })).toBe(given(split(buckets), { targetingKey: '7' }));
  });

  test('a negative weight is 0, and a missing one 1', () => {
    expect(
      given(
        split([
          ['a', -50],
          ['b', 100],
        ]),
        { targetingKey: 'any' },
      ),
    ).toBe('b');
    expect(given(split([['only']]), { targetingKey: 'any' })).toBe('only');
  });
});
