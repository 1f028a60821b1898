import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diagnostics } from '../../src/core/diagnostics.js';
import { FlagClient } from '../../src/flags/client.js';
import { memory } from '../../src/flags/sources/memory.js';

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  diagnostics.speakThrough(({ message }) => said.push(message));
});
afterEach(() => diagnostics.speakThrough(undefined));

const flag = (more: object) => ({
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant: 'off',
  ...more,
});
const FLAGS = {
  sugar: { rollout: 25 },
  by_tenant: { rollout: { by: 'tenant', percent: 10 } },
  plain: flag({}),
  ruled: flag({
    targeting: {
      if: [
        { '==': [{ var: 'plan' }, 'pro'] },
        'on',
        {
          fractional: [
            ['on', 1],
            ['off', 1],
          ],
        },
      ],
    },
  }),
  three: {
    state: 'ENABLED',
    variants: { a: 'A', b: 'B', c: 'C' },
    defaultVariant: 'c',
    targeting: {
      fractional: [
        ['a', 30],
        ['b', 10],
        ['c', 60],
      ],
    },
  },
  fixed: flag({ targeting: { if: [true, 'on'] } }),
  nobody: { state: 'ENABLED', variants: { on: true }, defaultVariant: null },
};
const started = () => {
  const source = memory({ flags: FLAGS });
  return { source, flags: new FlagClient().start({ sources: [source] }) };
};
const people = Array.from({ length: 2000 }, (_, i) => `user-${i}`);
const inside = (flags: FlagClient, key: string): string[] =>
  people.filter((targetingKey) => flags.boolean(key, false, { targetingKey, tenant: targetingKey }));

describe('a share that stands in place of that of the document', () => {
  test.each(['sugar', 'by_tenant', 'plain', 'ruled'])('is that of %s, and given back at the end', (key) => {
    const { flags } = started();
    const before = inside(flags, key).length;
    expect(flags.rollout(key, 50)).toBe(true);
    expect(inside(flags, key).length / people.length).toBeGreaterThan(0.46);
    expect(inside(flags, key).length / people.length).toBeLessThan(0.54);
    expect(flags.rollout(key, 100)).toBe(true);
    expect(inside(flags, key).length).toBe(people.length);
    flags.rollout(key, 0);
    expect(inside(flags, key).length).toBe(0);
    flags.rollout(key, undefined);
    expect(inside(flags, key).length).toBe(before);
  });

  test('keeps everyone who is in while it grows, in the variant that they have', () => {
    const { flags } = started();
    const shares = fc.tuple(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: 100_000 }), fc.string());
    fc.assert(
      fc.property(shares, ([one, other, targetingKey]) => {
        for (const key of ['sugar', 'three']) {
          flags.rollout(key, Math.min(one, other) / 1000);
          const before = flags.details(key, 'z', { targetingKey }).variant;
          flags.rollout(key, Math.max(one, other) / 1000);
          const after = flags.details(key, 'z', { targetingKey }).variant;
          if (before !== (key === 'three' ? 'c' : 'off')) expect(after).toBe(before);
        }
      }),
    );
  });

  test('of the document are those that were in already, where it grows to more', () => {
    const { flags } = started();
    const before = inside(flags, 'sugar');
    flags.rollout('sugar', 60);
    expect(inside(flags, 'sugar')).toEqual(expect.arrayContaining(before));
  });

  test('is divided as the document divides it', () => {
    const { flags } = started();
    flags.rollout('three', 40);
    const counts: Record<string, number> = {};
    for (const targetingKey of people) {
      const value = flags.string('three', '', { targetingKey });
      counts[value] = (counts[value] ?? 0) + 1;
    }
    expect((counts['A'] ?? 0) / people.length).toBeCloseTo(0.3, 1);
    expect((counts['B'] ?? 0) / people.length).toBeCloseTo(0.1, 1);
  });

  test('lets whom a rule names be', () => {
    const { flags } = started();
    flags.rollout('ruled', 0);
    expect(flags.boolean('ruled', false, { plan: 'pro' })).toBe(true);
  });

  test('waits for a flag that the document does not have yet, and outlives the next document', () => {
    const { flags, source } = started();
    expect(flags.rollout('later', 100)).toBe(false);
    source.set({ flags: { ...FLAGS, later: { rollout: 0 } } });
    expect(flags.boolean('later', false, { targetingKey: 'a' })).toBe(true);
  });

  test.each(['fixed', 'nobody'])('is refused for %s, which splits nothing, and said', (key) => {
    const { flags } = started();
    expect(flags.rollout(key, 50)).toBe(false);
    expect(said.join()).toContain('defaultVariant');
  });

  test('that is none changes nothing', () => {
    const { flags } = started();
    for (const percent of [-1, 101, Number.NaN]) expect(flags.rollout('plain', percent)).toBe(false);
    expect(inside(flags, 'plain').length).toBe(0);
  });

  test('is told to who listens, and no kill is undone by it', () => {
    const { flags } = started();
    const heard: unknown[] = [];
    flags.onChange('plain', ({ key }) => heard.push(key));
    flags.rollout('plain', 5);
    expect(heard).toEqual(['plain']);
    flags.kill('plain', 'incident');
    flags.rollout('plain', 100);
    expect(flags.boolean('plain', true, { targetingKey: 'a' })).toBe(false);
  });
});
