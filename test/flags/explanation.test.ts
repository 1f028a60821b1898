import { expect, test } from 'vitest';
import { FlagClient } from '../../src/flags/client.js';
import { exposures } from '../../src/flags/exposure.js';
import { memory } from '../../src/flags/sources/memory.js';
import { Variants } from '../../src/signals/variants.js';
import { manualClock } from '../../src/testing/manual-clock.js';
import { inRequest } from '../support/contexts.js';
import { ended } from '../support/exchanges.js';

const bool = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' };
const rules = {
  if: [
    { '==': [{ var: 'plan' }, 'pro'] },
    'on',
    { starts_with: [{ var: 'email' }, 'a'] },
    {
      fractional: [
        ['on', 25],
        ['off', 75],
      ],
    },
    'off',
  ],
};
const flags = new FlagClient().start({
  sources: [
    memory({
      flags: {
        'new-checkout': { ...bool, targeting: rules },
        plain: bool,
        dead: { state: 'on' },
        half: { ...bool, rollout: 50 },
      },
    }),
  ],
});

test('says which branch was taken', () => {
  expect(flags.explain('new-checkout', { plan: 'pro' })).toMatchObject({
    value: true,
    variant: 'on',
    reason: 'TARGETING_MATCH',
    by: 'document',
    source: 'memory',
    rule: 'targeting.if[1]',
    bucket: undefined,
  });
  expect(flags.explain('new-checkout', {})).toMatchObject({ variant: 'off', rule: 'targeting.if[4]' });
});

test('says which bucket, of how many, and what was hashed', () => {
  expect(flags.explain('new-checkout', { email: 'a@b.c', targetingKey: 'user-2' })).toMatchObject({
    variant: 'on',
    rule: 'targeting.if[3]',
    bucket: { by: 'new-checkoutuser-2', bucket: 22, of: 100, variant: 'on' },
  });
});

test('tells each step with its place and its result', () => {
  const { steps } = flags.explain('new-checkout', { plan: 'free', email: 'x' });
  expect(steps.map(({ path, result }) => [path, result])).toEqual([
    ['targeting.if[0].==[0].var', 'free'],
    ['targeting.if[0].==', false],
    ['targeting.if[2].starts_with[0].var', 'x'],
    ['targeting.if[2].starts_with', false],
    ['targeting.if[4]', 'off'],
    ['targeting.if', 'off'],
  ]);
});

test('agrees with a check, for whomever', () => {
  for (let i = 0; i < 500; i++) {
    const context = { targetingKey: `u${i}` };
    const { value, variant, bucket } = flags.explain('half', context);
    expect(flags.details('half', false, context)).toMatchObject({ value, variant });
    expect(bucket).toMatchObject({ of: 100_000, variant });
  }
});

test.each([
  ['a flag without a rule', 'plain', { by: 'document', reason: 'STATIC', rule: undefined, steps: [] }],
  ['a flag that nobody knows', 'nope', { by: 'nothing', errorCode: 'FLAG_NOT_FOUND', value: null }],
  [
    'a flag that is rejected',
    'dead',
    { by: 'document', errorCode: 'PARSE_ERROR', errorMessage: expect.stringContaining('flags.dead.state') },
  ],
])('says of %s what is known', (_name, key, wanted) => {
  expect(flags.explain(key)).toMatchObject(wanted);
});

test('says what stands above the document', () => {
  flags.kill('plain', 'incident 7');
  expect(flags.explain('plain')).toMatchObject({
    by: 'kill',
    value: false,
    reason: 'KILLED',
    errorMessage: 'incident 7',
  });
  flags.lift('kill', 'plain');
});

test('counts as no exposure', () => {
  const variants = new Variants(manualClock());
  const exchange = ended();
  inRequest('c', () => flags.explain('plain'), exchange);
  exposures(variants).end?.(exchange);
  expect(variants.snapshot()).toEqual({});
});
