import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diagnostics } from '../../../src/core/diagnostics.js';
import { FlagClient } from '../../../src/flags/client.js';
import type { EvaluationContext } from '../../../src/flags/evaluation.js';
import { sayFault, sayWarning } from '../../../src/flags/fault.js';
import { type FlagSet, flagSet } from '../../../src/flags/flag-set.js';
import { memory } from '../../../src/flags/sources/memory.js';
import { HostileJson, jsonText, PROTOTYPE_NAMES, polluted } from '../../support/hostile-json.js';
import { Mutator } from '../../support/mutator.js';
import { random } from '../../support/random.js';
import { type Json, RandomRules } from '../../support/random-rules.js';
import { conformance } from '../../traces/exporters/conformance.js';
import { cases, tried } from './budget.js';

beforeAll(() => diagnostics.speakThrough(() => {})); // what is wrong is told, and here nearly all is
afterAll(() => diagnostics.speakThrough(undefined));

const FLAG_NAMES = ['state', 'variants', 'defaultVariant', 'targeting', 'metadata', 'rollout', '$evaluators', 'flags'];
const RULE_NAMES = [
  'if',
  'in',
  'var',
  'fractional',
  'sem_ver',
  'map',
  'reduce',
  'cat',
  'substr',
  'merge',
  '$ref',
  '==',
];
const flag = (targeting: Json): Json => ({
  state: 'ENABLED',
  variants: { a: true, b: false, constructor: true },
  defaultVariant: 'a',
  targeting,
  metadata: { description: 'd', toString: 'x' },
});

/** Documents that are sound: ours, those of flagd's suite, and rules by chance. */
function documents(rules: RandomRules): Json[] {
  const suite: Json[] = conformance.absent
    ? []
    : [JSON.parse(conformance.read('flagd-evaluator/flags/testkit-flags.json'))];
  const own = Array.from(
    { length: 40 },
    (_, i): Json => ({
      flags: {
        [`f${i}`]: flag(rules.targeting()),
        __proto__x: flag({}),
        grows: { ...(flag({}) as object), rollout: 25 },
      },
      $evaluators: { known: { in: [{ var: 'plan' }, ['pro']] } },
    }),
  );
  return [...suite, ...own];
}

/** Everything that is said of a set, and its longest piece. */
function longestText({ faults, warnings, flags }: FlagSet): number {
  const said = [...faults.map(sayFault), ...warnings.map(sayWarning)];
  const outcomes = [...flags.values()].map(({ fixed }) => fixed?.errorMessage ?? '');
  return Math.max(0, ...[...said, ...outcomes].map(({ length }) => length));
}

const KINDS = [true, 'x', 1, {}] as const;

/** Asks for every flag as every kind, and has each explained. */
function asked(client: FlagClient, keys: Iterable<string>, context: EvaluationContext): void {
  for (const key of [...keys, ...PROTOTYPE_NAMES.slice(0, 4)]) {
    for (const fallback of KINDS) {
      const { value, reason } = client.details<object | boolean | string | number>(key, fallback, context);
      if (typeof value !== typeof fallback || reason === '') expect.fail(`${key}: ${typeof value} ${reason}`);
    }
    client.explain(key, context);
  }
}

describe('a document of flags', () => {
  test('of any JSON and any text is taken flag by flag or refused, in few words, and every check of it answers', () => {
    const rules = new RandomRules(random(11));
    const sound = documents(rules);
    const hostile = new HostileJson(
      random(13),
      [...FLAG_NAMES, ...RULE_NAMES],
      ['ENABLED', 'a', { var: 'plan' }, '$flagd'],
    );
    const mutator = new Mutator(
      17,
      sound.map((document) => JSON.stringify(document)),
    );
    const count = cases({ short: 1200, long: 60_000 });
    let previous: FlagSet | undefined;
    let taken = 0;
    for (let run = 0; run < count; run++) {
      const text = run % 3 === 0 ? mutator.bytes().toString() : jsonText(hostile.spoilt(hostile.pick(sound)));
      const set = flagSet(text, 'fuzz', previous, run % 2 === 0);
      if ('refused' in set) {
        if (set.refused.length > 3000)
          expect.fail(`${set.refused.length} characters of refusal: ${text.slice(0, 2000)}`);
        continue;
      }
      taken++;
      previous = set;
      if (longestText(set) > 3000) expect.fail(`${longestText(set)} characters of fault: ${text.slice(0, 2000)}`);
      if (run % 4 !== 0) continue;
      const client = new FlagClient().start({ sources: [memory(text)], allowMassRemoval: true });
      asked(client, set.flags.keys(), rules.context() as EvaluationContext);
    }
    expect(taken).toBeGreaterThan(count / 4);
    expect(polluted()).toBe(false);
    tried(
      'flag documents of any JSON and any bytes',
      'taken flag by flag or refused in few words; every check answers',
      count,
    );
  });

  test('and contexts of anything at all, throwing getters and proxies among them, never make a check throw', async () => {
    const rules = new RandomRules(random(19));
    const flags = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`f${i}`, flag(rules.targeting())]));
    const client = new FlagClient().start({ sources: [memory(JSON.stringify({ flags }))] });
    const names = fc.constantFrom('targetingKey', 'plan', 'email', 'age', 'tags', 'user', 'version', '__proto__');
    const trap = {
      get: () => {
        throw new Error('a getter');
      },
      ownKeys: () => {
        throw new TypeError('a trap');
      },
    };
    const nasty = fc.constantFrom<unknown>(
      ...[new Proxy({}, trap), new Proxy([], trap), { toString: 1, valueOf: 1 }, Object.create(null), Symbol('s'), 10n],
      ...[() => 1, new Date(Number.NaN), [[[[]]]], { toString: trap.get }, new Map(), 'x'.repeat(100_000), '\ud800'],
    );
    const context = fc.oneof(
      fc.dictionary(names, fc.oneof(nasty, fc.anything())),
      nasty,
      fc.anything({ withProxy: false } as never),
    );
    const keys = Object.keys(flags);
    const count = cases({ short: 1500, long: 60_000 });
    fc.assert(
      fc.property(context, fc.nat(keys.length - 1), (given, at) => {
        const key = keys[at] as string; // below the length
        const { reason } = client.details<boolean>(key, false, given as EvaluationContext);
        expect(reason).toMatch(/^[A-Z_]+$/);
      }),
      { numRuns: count, seed: 23 },
    );
    expect(polluted()).toBe(false);
    await client.stop();
    tried('contexts of anything', 'every check answers with a reason', count);
  });
});

describe('a rule that grows without end is stopped, and the flag answers ERROR', () => {
  const items = Array.from({ length: 60 }, (_, i) => i);
  const doubling = (step: Json): Json => ({ reduce: [items, step, 'xxxxxxxx'] });
  const twice: Json = [{ var: 'accumulator' }, { var: 'accumulator' }];
  const loops = (depth: number): Json => (depth === 0 ? 1 : { map: [items, loops(depth - 1)] });

  test.each<[string, Json]>([
    ['loops within loops', loops(6)],
    ['a text that is doubled', doubling({ cat: twice })],
    ['a list that is doubled', { reduce: [items, { merge: twice }, ['x']] }],
    ['a list that holds itself twice, as a text', { cat: [doubling(twice)] }],
    ['the same as the variant', doubling(twice)],
    ['the same as an attribute', { var: [doubling(twice)] }],
    ['the same looked for in a text', { in: [doubling(twice), 'abc'] }],
    ['the same as a position', { substr: ['abc', doubling(twice)] }],
    ['the same as the name that is missing', { missing: [doubling(twice)] }],
    ['a text that is split by', { fractional: [doubling({ cat: twice }), ['a', 1], ['b', 1]] }],
  ])('%s', (_name, rule) => {
    const client = new FlagClient().start({
      sources: [memory(JSON.stringify({ flags: { f: flag({ if: [rule, rule, 'b'] }), sound: flag({}) } }))],
    });
    const before = process.memoryUsage().rss;
    expect(client.details('f', false, { targetingKey: 'u' })).toMatchObject({ value: false, errorCode: 'GENERAL' });
    client.explain('f', { targetingKey: 'u' });
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20);
    expect(client.details('sound', false)).toMatchObject({ value: true });
  });
});

describe('a document of 5 MB that is wrong throughout says little and takes seconds at most', () => {
  const many = (count: number, of: (i: number) => [string, Json]): { [key: string]: Json } =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => of(i)));
  const name = (i: number): string => `${'n'.repeat(50)}${i}`;
  const plain = { state: 'ENABLED', variants: { a: true }, defaultVariant: 'a' };

  test.each<[string, Json]>([
    ['settings that there are none of', { flags: { f: { ...plain, ...many(100_000, (i) => [`stat${i}`, 1]) } } }],
    [
      'evaluators that there are none of',
      {
        flags: many(15_000, (i) => [`f${i}`, { ...plain, targeting: { $ref: name(-i) } }]),
        $evaluators: many(40_000, (i) => [name(i), true]),
      },
    ],
    [
      'default variants that there are none of',
      {
        flags: many(60, (i) => [
          `f${i}`,
          { ...plain, variants: many(2000, (j) => [name(j), true]), defaultVariant: name(-1) },
        ]),
      },
    ],
    [
      'names of a megabyte',
      {
        flags: {
          [`f${'x'.repeat(1e6)}`]: { state: 1, ['y'.repeat(1e6)]: 1 },
          g: { ...plain, targeting: { ['z'.repeat(1e6)]: [] } },
        },
      },
    ],
    [
      'variants that rules name and there are none of',
      {
        flags: { f: { ...plain, targeting: { if: [true, ...Array.from({ length: 15_000 }, (_, i) => name(i))] } } },
      },
    ],
  ])('%s', (_name, document) => {
    const set = flagSet(JSON.stringify(document), 'fuzz', undefined, true);
    const whole = 'refused' in set ? set.broken : set;
    if (whole === undefined) return expect('refused' in set && set.refused.length).toBeLessThan(3000);
    expect(longestText(whole)).toBeLessThan(3000);
    expect(whole.warnings.length).toBeLessThanOrEqual(1000);
  });
});
