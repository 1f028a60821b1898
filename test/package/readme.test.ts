import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root, run } from './program.js';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const snippets = [...readme.matchAll(/^```js\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '');

/** Servers would run for ever, on ports that others may have. */
const ENDING = '\nsetTimeout(() => process.exit(0), 300);';

describe('README', () => {
  test.each(snippets.map((code, index) => [index + 1, code] as const))(
    'snippet %i runs as it stands',
    async (_number, code) => {
      const { code: exitCode, stderr } = await run(code.replace(/listen\(\d+\)/, 'listen(0)') + ENDING);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    },
  );

  test('has its snippets', () => expect(snippets.length).toBeGreaterThan(4));
});
