import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FlagClient } from '../../src/flags/client.js';
import { flagSet } from '../../src/flags/flag-set.js';
import { memory } from '../../src/flags/sources/memory.js';

const client = (flag: object) => new FlagClient().start({ sources: [memory({ flags: { a: flag } })] });

describe('a rollout as people write it', () => {
  test('of 25 % lets a quarter in', () => {
    const flags = client({ rollout: 25 });
    const users = Array.from({ length: 20_000 }, (_, i) => ({ targetingKey: `user-${i}` }));
    const on = users.filter((user) => flags.boolean('a', false, user)).length;
    expect(on / users.length).toBeCloseTo(0.25, 2);
  });

  test('is flagd’s split once it is read', () => {
    expect(client({ rollout: 25 }).snapshot()).toMatchObject([
      {
        state: 'ENABLED',
        defaultVariant: 'off',
        variants: { on: true, off: false },
        targeting: {
          fractional: [
            ['on', 25_000],
            ['off', 75_000],
          ],
        },
      },
    ]);
  });

  test('goes in steps of 0.001 %', () => {
    const flags = client({ rollout: 0.001 });
    let on = 0;
    for (let i = 0; i < 400_000; i++) if (flags.boolean('a', false, { targetingKey: `u${i}` })) on++;
    expect(on).toBeGreaterThan(0);
    expect(on).toBeLessThan(20);
  });

  test('keeps everyone who was in as it grows, by whatever step', () => {
    const percent = fc.integer({ min: 0, max: 100_000 }).map((thousandths) => thousandths / 1000);
    fc.assert(
      fc.property(percent, percent, (a, b) => {
        const [less, more] = [client({ rollout: Math.min(a, b) }), client({ rollout: Math.max(a, b) })];
        for (let i = 0; i < 300; i++) {
          const user = { targetingKey: `u${i}` };
          if (less.boolean('a', false, user)) expect(more.boolean('a', false, user)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('of 0 lets nobody in and of 100 everyone', () => {
    for (const [rollout, value] of [
      [0, false],
      [100, true],
    ] as const) {
      const flags = client({ rollout });
      for (let i = 0; i < 1000; i++) expect(flags.boolean('a', !value, { targetingKey: `u${i}` })).toBe(value);
    }
  });

  test('by an attribute goes by that alone, and who lacks it is told apart', () => {
    const flags = client({ rollout: { by: 'user_id', percent: 50 } });
    const ids = Array.from({ length: 200 }, (_, i) => `u${i}`);
    const values = ids.map((user_id) => flags.boolean('a', false, { user_id, targetingKey: 'same' }));
    expect(new Set(values).size).toBe(2);
    for (const context of [{}, { user_id: null }, { user_id: '' }]) {
      expect(flags.details('a', true, context)).toMatchObject({
        value: false,
        reason: 'DEFAULT',
        errorCode: 'TARGETING_KEY_MISSING',
      });
    }
  });

  test('has a place for everyone whose attribute is 0', () => {
    expect(client({ rollout: { by: 'n', percent: 100 } }).boolean('a', false, { n: 0 })).toBe(true);
  });

  test('of a variant that is named, among several', () => {
    const variants = { red: 'r', green: 'g', blue: 'b' };
    const flags = client({ variants, defaultVariant: 'red', rollout: { percent: 100, variant: 'blue' } });
    expect(flags.string('a', '', { targetingKey: 'u' })).toBe('b');
  });

  test.each<[string, object]>([
    ['beyond 100', { rollout: 101 }],
    ['below 0', { rollout: -1 }],
    ['finer than 0.001', { rollout: 0.0005 }],
    ['a text', { rollout: '25' }],
    ['by no name', { rollout: { by: 5, percent: 1 } }],
    ['beside a rule', { rollout: 25, targeting: { if: [true, 'on'] } }],
    ['of nobody says which of three variants', { variants: { a: 1, b: 2, c: 3 }, defaultVariant: 'a', rollout: 5 }],
  ])('%s is rejected', (_name, flag) => {
    const set = flagSet(JSON.stringify({ flags: { a: flag } }), 'x', undefined);
    expect('refused' in set && set.refused).toMatch(/flags\.a\.rollout/);
  });
});
