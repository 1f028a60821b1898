import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { entries } from '../support/public-names.js';
import { root } from './program.js';

const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
const [{ files }] = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }));
const paths: string[] = files.map(({ path }: { readonly path: string }) => path);

test('the package holds what is built, licences, README, changelog and package.json, and nothing else', () => {
  const others = paths.filter((path) => !path.startsWith('dist/'));
  expect(others.sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'licenses/grafana-foundation-sdk.txt',
    'package.json',
  ]);
  expect(paths.filter((path) => path.startsWith('dist/') && !/\.(js|cjs|d\.ts|d\.cts)$/.test(path))).toEqual([]);
});

test('each entry is in it, in both formats and with types for both', () => {
  const dist = paths.filter((path) => path.startsWith('dist/'));
  for (const [, declarations] of entries()) {
    const stem = declarations.slice(root.length).replace(/\.d\.ts$/, '');
    expect(dist).toEqual(expect.arrayContaining(['.js', '.cjs', '.d.ts', '.d.cts'].map((end) => `${stem}${end}`)));
  }
});
