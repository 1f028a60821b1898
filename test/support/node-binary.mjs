import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const packageName = `node-${process.platform}-${process.arch}`;

/**
 * The path of a Node of that line, such as '24': this very one, or from the npm registry into a temporary folder that the
 * next run finds again.
 * @param {string} line
 * @returns {string}
 */
export function nodeBinary(line) {
  if (process.versions.node.startsWith(`${line}.`)) return process.execPath;
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
