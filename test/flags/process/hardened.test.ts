import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, describe, expect, test } from 'vitest';
import { conformance } from '../../traces/exporters/conformance.js';

const folder = mkdtempSync(join(tmpdir(), 'fourlights-flags-'));
const program = join(folder, 'program.mjs');
buildSync({
  entryPoints: [join(import.meta.dirname, 'program.ts')],
  bundle: true,
  ignoreAnnotations: true, // this package says that importing it has no effects; these files are for theirs
  platform: 'node',
  format: 'esm',
  outfile: program,
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(mode: string, ...nodeOptions: string[]) {
  const env = {
    ...process.env,
    FOURLIGHTS_TEST_MODE: mode,
    FOURLIGHTS_TEST_SUITE: conformance.absent ? undefined : conformance.path('flagd-evaluator'),
  };
  const { stdout, stderr, status } = spawnSync(process.execPath, [...nodeOptions, program], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const plain = run('');

describe(`flags answer as in any process, flagd's suite ${conformance.needs || 'included'}`, () => {
  test.each([
    ['without code from strings', '', ['--disallow-code-generation-from-strings']],
    ['with frozen prototypes', 'frozen', []],
    ['with both', 'frozen', ['--disallow-code-generation-from-strings']],
    ['with frozen intrinsics', '', ['--frozen-intrinsics', '--no-warnings']],
    ['with a soiled Object.prototype', 'polluted', []],
  ])('%s', (_name, mode, nodeOptions) => {
    const result = run(mode, ...nodeOptions);
    expect(result.process).toEqual({ frozen: /frozen/.test(`${mode} ${nodeOptions}`), soiled: mode === 'polluted' });
    expect(result.failures).toEqual([]);
    expect(result.rows).toBe(conformance.absent ? 0 : 125);
    expect(result.digest).toBe(plain.digest);
    expect(result.codes).toEqual({ plain: 'off', pro: 'off', metadata: [], split: 'TARGETING_KEY_MISSING' });
  });
});
