// Packages as a user gets them: installed by npm, under the Node in question, into a folder of their own.
import { execFile } from 'node:child_process';
import { lstat, mkdir, readdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './bench.mjs';

const run = promisify(execFile);

/** npm's own program: run by the Node under test, it chooses the versions that are meant for that Node. */
const npmOf = async () => join(dirname(await realpath(process.execPath)), '../lib/node_modules/npm/bin/npm-cli.js');

/** The library as it would be published. @returns {Promise<string>} path of the tarball */
export async function packed(folder, repository = root) {
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: repository,
  });
  return join(folder, stdout.trim().split('\n').at(-1));
}

/** @param {string[]} packages names with versions, or tarballs @returns {Promise<Installed>} */
export async function installed(packages, folder, node) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  await run(
    node,
    [await npmOf(), 'install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', ...packages],
    {
      cwd: folder,
    },
  );
  return { folder, ...(await weighed(join(folder, 'node_modules'))) };
}

/** @typedef {{ folder: string, packages: number, bytes: number, heaviest: { name: string, bytes: number }[] }} Installed */

async function weighed(modules) {
  const all = [];
  for (const path of await packagesIn(modules))
    all.push({ name: path.slice(modules.length + 1), bytes: await sizeOf(path) });
  all.sort((a, b) => b.bytes - a.bytes);
  return { packages: all.length, bytes: all.reduce((sum, { bytes }) => sum + bytes, 0), heaviest: all.slice(0, 12) };
}

/** Nested ones are packages too, and not part of the one they lie in. */
async function packagesIn(modules) {
  const found = [];
  for (const { name } of await entries(modules)) {
    const paths = name.startsWith('@')
      ? (await entries(join(modules, name))).map((entry) => join(name, entry.name))
      : [name];
    for (const path of paths.filter((each) => !each.startsWith('.'))) {
      const own = join(modules, path);
      found.push(own, ...(await packagesIn(join(own, 'node_modules'))));
    }
  }
  return found;
}

async function sizeOf(path) {
  let bytes = 0;
  for (const entry of await entries(path)) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) bytes += entry.name === 'node_modules' ? 0 : await sizeOf(inner);
    else bytes += (await lstat(inner)).size;
  }
  return bytes;
}

const entries = (path) => readdir(path, { withFileTypes: true }).catch(() => []);
