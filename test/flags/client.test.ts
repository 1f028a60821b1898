import { expect, test } from 'vitest';
import { FlagClient } from '../../src/flags/client.js';
import { memory } from '../../src/flags/sources/memory.js';

const flag = (targeting: object = {}) => ({
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant: 'off',
  targeting,
});

test('a rule of the document decides', () => {
  const flags = new FlagClient({
    sources: [memory({ flags: { beta: flag({ if: [{ '==': [{ var: 'plan' }, 'pro'] }, 'on'] }) } })],
  });
  flags.start();
  expect(flags.boolean('beta', false, { plan: 'pro' })).toBe(true);
  expect(flags.boolean('beta', true, { plan: 'free' })).toBe(false);
  expect(flags.details('beta', true, { plan: 'free' })).toEqual({
    value: false,
    variant: 'off',
    reason: 'DEFAULT',
    flagMetadata: {},
  });
});
