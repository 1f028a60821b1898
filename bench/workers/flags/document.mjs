// The flags that every subject is asked for.
export const COUNTRIES = ['DE', 'FR', 'AT'];

export const FLAGS = ['plain', 'rollout', 'rules'];

/** `plain`: no rule. `rollout`: 25 % by the targeting key. `rules`: three rules, the second by a list, the third by a version. */
const flags = {
  plain: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' },
  rollout: {
    state: 'ENABLED',
    variants: { on: true, off: false },
    defaultVariant: 'off',
    targeting: {
      fractional: [
        ['on', 25],
        ['off', 75],
      ],
    },
  },
  rules: {
    state: 'ENABLED',
    variants: { on: true, off: false },
    defaultVariant: 'off',
    targeting: {
      if: [
        { '==': [{ var: 'plan' }, 'pro'] },
        'on',
        { in: [{ var: 'country' }, COUNTRIES] },
        'on',
        { sem_ver: [{ var: 'version' }, '>=', '2.1.0'] },
        'on',
        'off',
      ],
    },
  },
};

/** That many flags, all of three rules but the first two. */
export const document = (count) =>
  JSON.stringify({
    flags: Object.fromEntries([
      ...Object.entries(flags),
      ...Array.from({ length: Math.max(0, count - 3) }, (_, i) => [`flag-${i}`, flags.rules]),
    ]),
  });
