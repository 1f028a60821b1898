/** Runs all tests on the other supported lines of Node: `npm run test:nodes`, or `npm run test:nodes -- 24`. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { nodeBinary } from './support/node-binary.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const lines = process.argv.length > 2 ? process.argv.slice(2) : ['22', '24', '26'];

let failed = false;
for (const line of lines) {
  const node = nodeBinary(line);
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  console.log(`\nNode ${version}`);
  const { status } = spawnSync(node, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=dot'], {
    cwd: root,
    stdio: 'inherit',
  });
  failed ||= status !== 0;
}
process.exitCode = failed ? 1 : 0;
