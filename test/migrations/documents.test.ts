import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../package/program.js';
import { STAGES } from './app.js';

const examples = join(root, 'examples/migrations');
const migrations = readdirSync(examples);

test('each document of a migration has its programs, and each program its document', () => {
  expect(readdirSync(join(root, 'docs/migrations')).sort()).toEqual(migrations.map((name) => `${name}.md`).sort());
});

test.each(migrations)('%s: the document shows the very programs that the tests run', (name) => {
  const text = readFileSync(join(root, `docs/migrations/${name}.md`), 'utf8');
  const shown = [...text.matchAll(/^```js tested\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
  const programs = STAGES.map((stage) => {
    const [file] = readdirSync(join(examples, name)).filter((one) => one.startsWith(stage));
    return readFileSync(join(examples, name, file ?? ''), 'utf8');
  });
  expect(shown).toEqual(programs);
});
