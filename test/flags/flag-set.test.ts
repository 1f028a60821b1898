import { describe, expect, test } from 'vitest';
import { sayFault, sayWarning } from '../../src/flags/fault.js';
import { type FlagSet, flagSet } from '../../src/flags/flag-set.js';
import { Scope } from '../../src/flags/scope.js';

const good = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' };

function setOf(document: unknown, previous?: FlagSet, allow = false): FlagSet {
  const result = flagSet(JSON.stringify(document), 'file x', previous, allow);
  if ('refused' in result) throw new Error(result.refused);
  return result;
}

const refusal = (text: string, previous?: FlagSet): string | undefined => {
  const result = flagSet(text, 'file x', previous);
  return 'refused' in result ? result.refused : undefined;
};

function answer(set: FlagSet, key: string, context: Record<string, unknown> = {}) {
  const scope = new Scope(() => 1_700_000_000);
  scope.call = context;
  const outcome = set.flags.get(key)?.evaluate(scope);
  return { variant: outcome?.variant, reason: outcome?.reason, errorCode: outcome?.errorCode };
}

describe('a bad flag is rejected alone', () => {
  test.each<[string, unknown, string]>([
    [
      'a state that is neither',
      { ...good, state: 'on' },
      'flags.bad.state is "on": a flag is on or off; write "ENABLED" or "DISABLED"',
    ],
    ['no state', { variants: good.variants }, 'flags.bad.state is missing'],
    [
      'a default that is no variant',
      { ...good, defaultVariant: 'offf' },
      'flags.bad.defaultVariant is "offf": no variant of that name; did you mean "off"?',
    ],
    ['a default that is no name', { ...good, defaultVariant: 1 }, 'flags.bad.defaultVariant is 1'],
    ['no variants', { ...good, variants: {} }, 'flags.bad.variants is {}'],
    [
      'variants of two kinds',
      { ...good, variants: { on: true, off: 'no' } },
      'flags.bad.variants is ["boolean","string"]: variants are all of one kind',
    ],
    ['a variant that is null', { ...good, variants: { on: null, off: true } }, 'flags.bad.variants.on is null'],
    ['a variant without a name', { ...good, variants: { '': true } }, 'flags.bad.variants is ""'],
    ['no object', 'on', 'flags.bad is "on": a flag is an object'],
    ['a rule that is no object', { ...good, targeting: 'on' }, 'flags.bad.targeting is "on": a rule is an object'],
    [
      'an unknown operator',
      { ...good, targeting: { if: [{ starts_wiht: ['a', 'b'] }, 'on'] } },
      'flags.bad.targeting.if[0] is "starts_wiht": unknown operator "starts_wiht" (did you mean "starts_with"?)',
    ],
    ['an operator that is inherited', { ...good, targeting: { toString: [] } }, 'unknown operator "toString"'],
    ['log, which writes', { ...good, targeting: { log: 'x' } }, 'unknown operator "log"'],
    [
      'two operators in one object',
      { ...good, targeting: { if: [{ '==': [1, 1], '!=': [1, 2] }, 'on'] } },
      'flags.bad.targeting.if[0] is ["==","!="]: an object in a rule has one key',
    ],
    [
      'an unknown reference',
      { ...good, targeting: { if: [{ $ref: 'nobody' }, 'on'] } },
      'flags.bad.targeting.if[0].$ref is "nobody": no evaluator of that name',
    ],
    [
      'a way out of a list',
      { ...good, targeting: { some: [[1], { '==': [{ var: '../x' }, 1] }] } },
      'is "../x": there is no way out of a list',
    ],
  ])('%s', (_name, bad, says) => {
    const set = setOf({ flags: { fine: good, bad } });
    expect(set.faults).toHaveLength(1);
    expect(set.faults.map(sayFault).join()).toContain(says);
    expect(set.faults.map(sayFault).join()).toMatch(/^file x: /);
    expect(answer(set, 'fine')).toMatchObject({ variant: 'off', reason: 'STATIC' });
    expect(answer(set, 'bad')).toMatchObject({ reason: 'ERROR', errorCode: 'PARSE_ERROR' });
  });

  test('and keeps its own last good version, while the others move on', () => {
    const first = setOf({ flags: { a: good, b: good } });
    const second = setOf({ flags: { a: { ...good, state: 'on' }, b: { ...good, defaultVariant: 'on' } } }, first);
    expect(answer(second, 'a')).toMatchObject({ variant: 'off', reason: 'STATIC' });
    expect(answer(second, 'b')).toMatchObject({ variant: 'on', reason: 'STATIC' });
    const third = setOf({ flags: { a: { ...good, state: 'on' }, b: good } }, second);
    expect(answer(third, 'a')).toMatchObject({ variant: 'off', reason: 'STATIC' });
  });

  test('a flag that did not change is the same object, and one that changed is another', () => {
    const first = setOf({ flags: { a: good, b: good } });
    const second = setOf({ flags: { b: { ...good, defaultVariant: 'on' }, a: good } }, first);
    expect(second.flags.get('a')).toBe(first.flags.get('a'));
    expect(second.flags.get('b')).not.toBe(first.flags.get('b'));
  });
});

describe('a document is refused as a whole', () => {
  test.each([
    ['no JSON', '{"flags": {'],
    ['cut off', JSON.stringify({ flags: { a: good } }).slice(0, 40)],
    ['empty text', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['no flags', '{}'],
    ['flags that are no object', '{"flags": []}'],
    ['not one flag', '{"flags": {}}'],
    ['not one good flag', '{"flags": {"a": {"state": "on"}}}'],
    ['a page of a proxy', '<html>504</html>'],
  ])('%s', (_name, text) => {
    expect(refusal(text)).toBeTypeOf('string');
  });

  const four = { a: good, b: good, c: good, d: good };

  test('that lacks more than half of the known flags, and not one that lacks half', () => {
    const known = setOf({ flags: four });
    expect(refusal(JSON.stringify({ flags: { a: good } }), known)).toMatch(/lacks 3 of the 4 flags/);
    expect(refusal(JSON.stringify({ flags: { a: good, b: good } }), known)).toBeUndefined();
    expect(refusal(JSON.stringify({ flags: { a: good, x: good, y: good, z: good } }), known)).toMatch(/lacks 3/);
  });

  test('unless that is allowed', () => {
    const known = setOf({ flags: four });
    expect(setOf({ flags: { a: good } }, known, true).flags.size).toBe(1);
    expect(setOf({ flags: {} }, known, true).flags.size).toBe(0);
  });
});

describe('references', () => {
  const by = (name: string) => ({ ...good, targeting: { if: [{ $ref: name }, 'on'] } });

  test('are replaced part by part, within each other, in any order, whatever their text', () => {
    const $evaluators = {
      outer: { and: [{ $ref: 'inner' }, { $ref: 'inner' }] },
      inner: { '==': [{ var: 'note' }, '$& $1 "{"'] },
    };
    const set = setOf({ flags: { a: by('outer') }, $evaluators });
    expect(answer(set, 'a', { note: '$& $1 "{"' })).toMatchObject({ variant: 'on' });
    expect(answer(set, 'a', { note: 'x' })).toMatchObject({ variant: 'off', reason: 'DEFAULT' });
  });

  test.each([
    ['to itself', { x: { '!': [{ $ref: 'x' }] } }],
    ['in a ring', { x: { '!': [{ $ref: 'y' }] }, y: { '!': [{ $ref: 'x' }] } }],
    ['to what is inherited', { y: true }],
  ])('%s are refused with the flag alone', (_name, $evaluators) => {
    const set = setOf({ flags: { fine: good, a: by(_name.includes('inherited') ? 'toString' : 'x') }, $evaluators });
    expect(set.faults).toHaveLength(1);
    expect(answer(set, 'fine')).toMatchObject({ reason: 'STATIC' });
  });

  test('that double at each of 30 steps are refused before they fill the memory', () => {
    const $evaluators = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [
        `e${i}`,
        i === 29 ? true : { and: [{ $ref: `e${i + 1}` }, { $ref: `e${i + 1}` }] },
      ]),
    );
    const set = setOf({ flags: { fine: good, a: by('e0') }, $evaluators });
    expect(set.faults.map(sayFault).join()).toContain('the rule is too large');
  });

  test('40 deep are refused, 30 deep are not', () => {
    const chain = (length: number) =>
      Object.fromEntries(
        Array.from({ length }, (_, i) => [
          `e${i}`,
          i === length - 1 ? { '==': [1, 1] } : { '!': [{ $ref: `e${i + 1}` }] },
        ]),
      );
    expect(setOf({ flags: { fine: good, a: by('e0') }, $evaluators: chain(30) }).faults).toEqual([]);
    expect(setOf({ flags: { fine: good, a: by('e0') }, $evaluators: chain(40) }).faults).toHaveLength(1);
  });
});

test.each([1000, 100_000])('a rule %i deep is refused with its flag, and nothing overflows', (depth) => {
  const rule = `${'{"!":['.repeat(depth)}1${']}'.repeat(depth)}`;
  const text = `{"flags":{"fine":${JSON.stringify(good)},"a":${JSON.stringify(good).replace('}', `},"targeting":${rule}`)}}}`;
  const document = text.replace('"targeting"', '"targeting"');
  const set = flagSet(document, 'x', undefined);
  expect('refused' in set ? set.refused : set.faults.map(sayFault).join()).toMatch(/too deep|no JSON/);
});

test('nested splits compile in time that grows with their size', () => {
  let rule: object = {
    fractional: [
      ['on', 1],
      ['off', 1],
    ],
  };
  for (let i = 0; i < 40; i++) rule = { fractional: [rule, ['on', 1], ['off', 1]] };
  expect(setOf({ flags: { a: { ...good, targeting: rule } } }).faults).toEqual([]);
});

describe('names that objects inherit are flags, variants and attributes like any other', () => {
  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s', (name) => {
    const rule = `{"if":[{"==":[{"var":"${name}"},"yes"]},"${name}","off"]}`;
    const text = `{"flags":{"${name}":{"state":"ENABLED","variants":{"${name}":true,"off":false},"defaultVariant":"off","targeting":${rule}}}}`;
    const set = flagSet(text, 'x', undefined);
    if ('refused' in set) throw new Error(set.refused);
    expect([...set.flags.keys()]).toEqual([name]);
    expect(answer(set, name)).toMatchObject({ variant: 'off', reason: 'TARGETING_MATCH' });
    expect(answer(set, name, JSON.parse(`{"${name}":"yes"}`))).toMatchObject({ variant: name });
  });

  test('and what an object inherits is never read', () => {
    const set = setOf({ flags: { a: { ...good, targeting: { if: [{ var: 'constructor.name' }, 'on', 'off'] } } } });
    expect(answer(set, 'a', {})).toMatchObject({ variant: 'off' });
    class User {
      get plan() {
        return 'pro';
      }
    }
    const plan = setOf({ flags: { a: { ...good, targeting: { if: [{ var: 'plan' }, 'on', 'off'] } } } });
    expect(answer(plan, 'a', new User() as never)).toMatchObject({ variant: 'off' });
  });
});

test('metadata of the document lies under that of the flag, and is frozen', () => {
  const set = setOf({
    metadata: { version: '7', flagSetId: 'shop' },
    flags: { a: { ...good, metadata: { version: '8', 'ops.shed': true } } },
  });
  expect(set.flags.get('a')?.definition?.metadata).toEqual({ version: '8', flagSetId: 'shop', 'ops.shed': true });
  expect(set.flags.get('a')?.definition?.metadata).toSatisfy(Object.isFrozen);
});

test.each<[string, object, string]>([
  [
    'a setting that no flag has',
    { ...good, varients: {} },
    'flags.a.varients: no such setting of a flag (did you mean "variants"?)',
  ],
  [
    'a variant that a rule names and the flag lacks',
    { ...good, targeting: { if: [true, 'onn', 'off'] } },
    'names the variant "onn"',
  ],
  [
    'a comparison with nothing',
    { ...good, targeting: { if: [{ '==': [{ var: 'n' }, 0] }, 'on'] } },
    'an attribute that is missing is null',
  ],
  ['weights that split nothing', { ...good, targeting: { fractional: [['on', 0]] } }, 'all weights are 0'],
  ['a weight with a fraction', { ...good, targeting: { fractional: [['on', 0.5]] } }, 'the weight a whole number'],
  ['metadata that is no scalar', { ...good, metadata: { a: {} } }, 'flags.a.metadata.a'],
])('%s is warned of, and the flag serves', (_name, flag, says) => {
  const set = setOf({ flags: { a: flag } });
  expect(set.faults).toEqual([]);
  expect(set.warnings.map(sayWarning).join('\n')).toContain(says);
});

test('time is there in whole seconds, and the flag knows its name', () => {
  const targeting = {
    if: [
      { and: [{ '>=': [{ var: '$flagd.timestamp' }, 1_700_000_000] }, { '==': [{ var: '$flagd.flagKey' }, 'a'] }] },
      'on',
    ],
  };
  const set = setOf({ flags: { a: { ...good, targeting } } });
  expect(answer(set, 'a', { $flagd: { flagKey: 'forged', timestamp: 0 } })).toMatchObject({ variant: 'on' });
});
