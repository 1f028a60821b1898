/**
 * Runs all tests on the other supported lines of Node: `npm run test:nodes`, or `npm run test:nodes -- 24`. Their
 * binaries come from the npm registry, into a temporary folder that the next run finds again.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const lines = process.argv.length > 2 ? process.argv.slice(2) : ['22', '24', '26'];
const packageName = `node-${process.platform}-${process.arch}`;

function binary(line) {
  const folder = join(tmpdir(), 'fourlights-nodes', line);
  const path = join(folder, 'node_modules', packageName, 'bin', 'node');
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    execFileSync('npm', ['install', '--no-save', '--no-package-lock', '--prefix', folder, `${packageName}@${line}`], {
      stdio: 'ignore',
    });
  }
  return path;
}

let failed = false;
for (const line of lines) {
  const node = binary(line);
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  console.log(`\nNode ${version}`);
  const { status } = spawnSync(node, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=dot'], {
    cwd: root,
    stdio: 'inherit',
  });
  failed ||= status !== 0;
}
process.exitCode = failed ? 1 : 0;
