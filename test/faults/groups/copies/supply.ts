import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { jsonLines, root, run } from '../../../package/program.js';
import type { Fault } from '../../fault.js';

/** Versions with published advisories that a service must not get by us. */
const DENIED: Readonly<Record<string, (version: readonly number[]) => boolean>> = {
  protobufjs: ([major = 0, minor = 0, patch = 0]) =>
    major < 7 ||
    (major === 7 && (minor < 5 || (minor === 5 && patch < 6))) ||
    (major === 8 && minor === 0 && patch < 2),
  '@opentelemetry/core': ([major = 0, minor = 0]) => major < 2 || (major === 2 && minor < 8),
  '@opentelemetry/propagator-jaeger': ([major = 0, minor = 0]) => major < 2 || (major === 2 && minor < 9),
  '@opentelemetry/exporter-prometheus': ([major = 0, minor = 0]) => major === 0 && minor < 217,
  pino: ([major = 0, minor = 0]) => major < 9 || (major === 9 && minor < 12),
};

const INSTALL_SCRIPTS_KNOWN = ['protobufjs'];

export const supply: Fault = {
  name: 'what an install brings, and what a service loads of it',
  promise:
    'no denied version, few packages loaded, install scripts known by name, engines at the floors of the advisories',
  goals: [1, 17],
  async run() {
    const listed: string = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable', '--long'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const packages = listed.split('\n').flatMap((line) => {
      const [path = '', id = ''] = line.split(':');
      const at = id.lastIndexOf('@');
      return path.includes('node_modules')
        ? [
            {
              path,
              name: id.slice(0, at),
              version: id
                .slice(at + 1)
                .split('.')
                .map(Number),
            },
          ]
        : [];
    });
    const denied = packages.filter(({ name, version }) => DENIED[name]?.(version) === true);
    const scripts = packages.filter(({ path }) => {
      const { scripts = {} } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
      return ['preinstall', 'install', 'postinstall'].some((name) => name in scripts);
    });
    const unknown = scripts.filter(({ name }) => !INSTALL_SCRIPTS_KNOWN.includes(name));
    const { stdout } = await run(
      `const { observe } = require('fourlights'); observe({ service: 'loaded', log: { level: 'silent' } });
       const names = Object.keys(require.cache).flatMap((path) => path.match(/node_modules\\/((?:@[^/]+\\/)?[^/]+)(?!.*node_modules)/)?.[1] ?? []);
       const exported = require.cache;
       console.log(JSON.stringify({ loaded: [...new Set(names)] }));`,
      { type: 'commonjs' },
    );
    const loaded = (jsonLines(stdout)[0]?.['loaded'] ?? []) as string[];
    const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect({ denied, unknown }).toEqual({ denied: [], unknown: [] });
    expect(loaded.length).toBeLessThanOrEqual(40);
    expect(loaded).not.toContain('protobufjs');
    return {
      text: `${packages.length} packages installed, ${loaded.length} loaded by default; install scripts: ${scripts.map(({ name }) => name).join(', ') || 'none'}; engines ${engines.node}`,
      measured: { deniedLoaded: denied.length, packagesLoaded: loaded.length, installScripts: unknown.length },
    };
  },
};
