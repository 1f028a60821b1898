import './hardened.js';

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FlagClient } from '../../../src/flags/client.js';
import { memory } from '../../../src/flags/sources/memory.js';
import { suite, World } from '../../support/flagd-suite.js';
import { random } from '../../support/random.js';
import { RandomRules } from '../../support/random-rules.js';

/** Flags in a process that was hardened, or soiled, before they were loaded. Prints what came out. */
const folder = process.env['FOURLIGHTS_TEST_SUITE'];
const failures: string[] = [];
let rows = 0;

if (folder !== undefined) {
  const { document, wanted } = suite((path) => readFileSync(join(folder, path), 'utf8'));
  for (const { name, steps } of wanted) {
    rows++;
    try {
      const world = new World(document);
      for (const step of steps) world.run(step);
    } catch (cause) {
      failures.push(`${name}: ${cause}`);
    }
  }
}

const answers = createHash('sha256');
const variants = { a: 'A', b: 'B', c: 'C', true: 'T', false: 'F', '10': 'ten' };
for (let seed = 1; seed <= 2000; seed++) {
  const rules = new RandomRules(random(seed));
  const flag = { state: 'ENABLED', variants, defaultVariant: 'a', targeting: rules.targeting() };
  const flags = new FlagClient().start({ sources: [memory({ flags: { f: flag } })] });
  const { value, variant, reason, errorCode } = flags.details('f', 'fallback', rules.context());
  answers.update(`${value} ${variant} ${reason} ${errorCode}\n`);
}

const plain = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' };
const pro = { ...plain, targeting: { if: [{ '==': [{ var: 'plan' }, 'pro'] }, 'on'] } };
const flags = new FlagClient().start({ sources: [memory({ flags: { plain, pro, split: { rollout: 50 } } })] });
const codes = {
  plain: flags.details('plain', true).variant,
  pro: flags.details('pro', true, {}).variant,
  metadata: Object.keys(flags.details('plain', true).flagMetadata),
  split: flags.details('split', true, {}).errorCode,
};

console.log(
  JSON.stringify({
    process: { frozen: Object.isFrozen(Object.prototype), soiled: 'plan' in {} },
    rows,
    failures,
    digest: answers.digest('hex'),
    codes,
  }),
);
