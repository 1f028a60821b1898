import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root, run } from './program.js';

/** Programs of docs/migrations are run by test/migrations. */
const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
const documents = ['README.md', ...pages.map((name) => `docs/${name}`)];
const snippetsOf = (path: string): (readonly [string, string])[] =>
  [...readFileSync(join(root, path), 'utf8').matchAll(/^```js\n([\s\S]*?)^```/gm)].map(
    (match, index) => [`${path}, ${index + 1}`, match[1] ?? ''] as const,
  );

/** Servers would run for ever, on ports that others may have. */
const ENDING = '\nsetTimeout(() => process.exit(0), 300);';

describe('a snippet runs as it stands', () => {
  test.each(documents.flatMap(snippetsOf))('%s', async (_where, code) => {
    const { code: exitCode, stderr } = await run(code.replace(/listen\(\d+\)/, 'listen(0)') + ENDING);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  test('README has its snippets', () => expect(snippetsOf('README.md').length).toBeGreaterThan(4));
});
