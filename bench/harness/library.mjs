// The library under test, built: as it stands, or as it stood at some commit.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './bench.mjs';

const run = promisify(execFile);
const git = (...args) =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/** Builds what is in the working tree, unless that has been done. */
export async function buildCurrent() {
  const built = join(root, 'dist/index.js');
  if (existsSync(built) && statSync(built).mtimeMs > newest(join(root, 'src'))) return;
  await run('npm', ['run', 'build'], { cwd: root });
}

const newest = (folder) =>
  Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );

/** The last tagged version before this one; `undefined` when none is. */
export function lastTag() {
  try {
    return git('describe', '--tags', '--abbrev=0').trim();
  } catch {
    return undefined;
  }
}

/** Builds the library as it was at `ref`. @returns {Promise<string>} its folder, within `folder` */
export async function buildAt(ref, folder) {
  const commit = git('rev-parse', '--verify', `${ref}^{commit}`).trim();
  const at = join(folder, commit);
  if (existsSync(join(at, 'dist/index.js'))) return at;
  mkdirSync(at, { recursive: true });
  const tarball = join(folder, `${commit}.tar`);
  git('archive', '--output', tarball, commit);
  execFileSync('tar', ['-xf', tarball, '-C', at]);
  const modules = 'node_modules';
  if (sameLock(commit)) symlinkSync(join(root, modules), join(at, modules));
  else await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: at });
  await run(join(at, modules, '.bin/tsup'), ['--no-dts', '--silent'], { cwd: at });
  return at;
}

function sameLock(commit) {
  try {
    git('diff', '--quiet', commit, '--', 'package-lock.json');
    return true;
  } catch {
    return false;
  }
}
