import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../package/program.js';

const execute = promisify(execFile);
const LIMIT_MS = 180_000;

export interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

/** The newest npm there is, run by the Node in question: it chooses versions by the engines of the Node that runs it. */
const npmCli = join(execFileSync('npm', ['root', '-g'], { encoding: 'utf8' }).trim(), 'npm/bin/npm-cli.js');
const env = { ...process.env, npm_config_cache: join(tmpdir(), 'fourlights-npm-cache') };

/** The package as it would be published, out of what `npm run build` has made. */
export function packed(into: string): string {
  const args = ['pack', '--pack-destination', into, '--ignore-scripts'];
  execFileSync('npm', args, { cwd: root, env, stdio: 'pipe' });
  return join(into, readdirSync(into).find((name) => name.endsWith('.tgz')) ?? 'nothing was packed');
}

/** A folder of a stranger's, with its own package.json and what was installed into it. */
export class Project {
  readonly node: string;
  readonly folder = mkdtempSync(join(tmpdir(), 'fourlights-project-'));

  constructor(node: string) {
    this.node = node;
    this.write('package.json', '{ "name": "stranger", "version": "1.0.0", "type": "module" }');
  }

  write(name: string, text: string): string {
    const path = join(this.folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** What npm said. Rejects where it failed. */
  async install(...packages: readonly string[]): Promise<string> {
    const args = [npmCli, 'install', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=notice', ...packages];
    const { stdout, stderr } = await this.run(args);
    return `${stdout}${stderr}`;
  }

  versionOf(name: string): string {
    return JSON.parse(readFileSync(join(this.folder, 'node_modules', name, 'package.json'), 'utf8')).version;
  }

  /** This project's Node with `args`. Rejects, with all that was said, unless it ends with code 0 in time. */
  async run(args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Said> {
    return execute(this.node, args, { cwd: this.folder, env: { ...env, ...more }, timeout: LIMIT_MS });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
