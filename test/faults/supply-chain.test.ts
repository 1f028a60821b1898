import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compareVersions, version } from '../../src/flags/semver.js';
import { keep } from './figures.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(`${ROOT}${file}`, 'utf8');

interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

/** Every package in the lock file, by the name that it is required by. */
const locked = Object.entries(JSON.parse(read('package-lock.json')).packages as Record<string, Locked>)
  .filter(([path]) => path !== '')
  .map(([path, entry]) => ({ name: path.slice(path.lastIndexOf('node_modules/') + 13), path, ...entry }));

/** Below `fixed`, from `from` on, a release has the hole that the advisory tells of. */
const DENIED: readonly {
  readonly name: string;
  readonly from?: string;
  readonly fixed: string;
  readonly advisory: string;
}[] = [
  { name: '@opentelemetry/core', fixed: '2.8.0', advisory: 'GHSA-8988-4f7v-96qf' },
  { name: '@opentelemetry/propagator-jaeger', fixed: '2.9.0', advisory: 'GHSA-45rx-2jwx-cxfr' },
  { name: '@opentelemetry/exporter-prometheus', fixed: '0.217.0', advisory: 'GHSA-q7rr-3cgh-j5r3' },
  { name: 'protobufjs', fixed: '7.5.6', advisory: 'GHSA-xq3m-2v4x-88gg, GHSA-75px-5xx7-5xc7' },
  { name: 'protobufjs', from: '8.0.0', fixed: '8.0.2', advisory: 'GHSA-xq3m-2v4x-88gg, GHSA-75px-5xx7-5xc7' },
  { name: 'pino', fixed: '9.12.0', advisory: 'GHSA-ffrw-9mx8-89p8, by way of fast-redact' },
];
/** What runs code when it is installed, of what users get. It prints a warning about versions, and nothing needs it. */
const INSTALL_SCRIPTS = ['protobufjs'];
const MOST_LOADED = 40;

const isBefore = (one: string, other: string): boolean => {
  const [a, b] = [version(one), version(other)];
  if (a === undefined || b === undefined) throw new Error(`no version: ${one} or ${other}`);
  return compareVersions(a, b) < 0;
};

const denied = (name: string, release: string): boolean =>
  DENIED.some(
    (entry) => entry.name === name && !isBefore(release, entry.from ?? '0.0.0') && isBefore(release, entry.fixed),
  );

/** Packages that a service has loaded once it observes without options. */
function loaded(): string[] {
  const program = `
    const { observe } = require(${JSON.stringify(`${ROOT}dist/index.cjs`)});
    observe();
    require('node:http').createServer(() => {});
    console.error(JSON.stringify(Object.keys(require.cache)));
    process.exit();`;
  const { stderr } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
  return [...new Set(stderr.match(/node_modules\/(@[^/]+\/)?[^/"]+/g) ?? [])];
}

test('no package of the lock file is on the deny list, and install scripts are known by name', () => {
  expect(denied('protobufjs', '7.5.5')).toBe(true);
  expect(denied('protobufjs', '8.0.1')).toBe(true);
  expect(denied('protobufjs', '8.0.2')).toBe(false);
  const found = locked.filter(
    ({ name, version: release = '' }) => DENIED.some((entry) => entry.name === name) && denied(name, release),
  );
  expect(found).toEqual([]);
  const scripts = locked
    .filter(({ dev, hasInstallScript }) => hasInstallScript === true && dev !== true)
    .map(({ name }) => name);
  expect(scripts.filter((name) => !INSTALL_SCRIPTS.includes(name))).toEqual([]);
  const own = JSON.parse(read('package.json')).scripts as Record<string, string>;
  expect(Object.keys(own).filter((name) => /^(pre|post)?(install|prepare)$/.test(name))).toEqual([]);

  const packages = loaded();
  expect(packages.length).toBeLessThanOrEqual(MOST_LOADED);
  expect(packages.join()).not.toMatch(/protobufjs|grpc/);
  keep({
    group: 'supply chain',
    name: 'a bad release of a dependency',
    promise: 'none of the deny list is in the lock file; install scripts are known by name',
    goals: [17],
    text: `${locked.length} packages locked, ${packages.length} loaded by default; install scripts: ${scripts.join(', ')}`,
    measured: { deniedLoaded: 0, installScripts: 0, packagesLoaded: packages.length },
  });
});

test('every test that SECURITY.md names is there', () => {
  const named = [...read('SECURITY.md').matchAll(/`(test\/[^`]+)`/g)].map(([, path]) => String(path));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(`${ROOT}${path}`))).toEqual([]);
});
