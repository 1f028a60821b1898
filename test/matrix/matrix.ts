import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { expect } from 'vitest';
import { jsonLines, root } from '../package/program.js';
import { consumers, tsconfig } from './consumer.js';
import * as programs from './programs.js';
import type { Project, Said } from './project.js';

/** A Node, with the package installed on it in the ways that strangers do. */
export interface Line {
  readonly line: string;
  /** The tarball alone. */
  readonly bare: Project;
  /** What npm said to that. */
  readonly installed: string;
  /** Another empty folder, for what else is to be installed beside it. */
  readonly another: (...packages: readonly string[]) => Promise<{ readonly project: Project; readonly said: string }>;
}

/** Rejects where it does not work; answers a text where there is nothing to show on that Node. */
type Form = (line: Line) => Promise<unknown>;

const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const PEERS = Object.entries<string>(peerDependencies).map(([name, range]) => `${name}@${range}`);
const NO_COMPLAINT = /peer|ERESOLVE|EBADENGINE|deprecated|vulnerab/i;
/** OpenTelemetry's line, as npm chooses it for that Node: 3.x needs 22.15. */
const SDK_3 = /^0\.301\./;
const SDK_2 = /^0\.223\./;

/** What was told; nothing may have been said on standard error. */
function told({ stdout, stderr }: Said): unknown {
  expect(stderr).toBe('');
  return jsonLines(stdout).find((line) => 'told' in line)?.['told'];
}

const servesIn =
  (name: string, code: string): Form =>
  async ({ bare }) => {
    bare.write(name, code);
    expect(told(await bare.run([name]))).toEqual(programs.SERVICE_TOLD);
  };

const registers =
  (name: string, code: string, flag: string): Form =>
  async ({ bare }) => {
    bare.write(name, code);
    const { stdout, stderr } = await bare.run([flag, 'fourlights/register', name]);
    expect(stderr).toBe('');
    expect(jsonLines(stdout)).toMatchObject([{ event: 'http_request', service: 'stranger', status: 200 }]);
  };

/** The banner is what every ESM bundle of CommonJS packages needs, ours or not. */
const REQUIRE =
  "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(process.cwd() + '/x.js');";

const bundles =
  (name: string, contents: string, options: BuildOptions): Form =>
  async ({ bare }) => {
    await build({
      stdin: { contents, resolveDir: bare.folder },
      outfile: join(bare.folder, 'bundles', name),
      bundle: true,
      platform: 'node',
      logLevel: 'silent',
      ...options,
    });
    expect(told(await bare.run([join('bundles', name)]))).toEqual(programs.SERVICE_TOLD);
  };

const compiles =
  (resolution: 'node16' | 'bundler'): Form =>
  async ({ another }) => {
    // Types of fourlights/openfeature are made of the SDK's own.
    const { project } = await another(
      '@types/node@20',
      `@openfeature/server-sdk@${peerDependencies['@openfeature/server-sdk']}`,
    );
    const ends = resolution === 'node16' ? (['ts', 'cts'] as const) : (['ts'] as const);
    for (const end of ends)
      for (const [name, text] of Object.entries(consumers(end))) project.write(`${resolution}/${name}`, text);
    project.write(`${resolution}/tsconfig.json`, tsconfig(resolution));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = await project.run([tsc, '-p', resolution]).catch((failure: Said) => failure);
    expect(stdout).toBe('');
  };

interface Exported {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

interface Body {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Exported[] }[] }[];
}

/** What arrives at a collector of the spans that a program tells of, all of which must have been delivered. */
async function exported(project: Project, code: string, loadsSdk: boolean): Promise<readonly Exported[]> {
  const spans: Exported[] = [];
  const collector = createServer(async (request, response) => {
    request.setEncoding('utf8');
    let text = '';
    for await (const chunk of request) text += chunk;
    const { resourceSpans }: Body = JSON.parse(text);
    spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    response.end('{}');
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  project.write('exporting.js', code);
  const said = await project.run(['exporting.js'], { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
  collector.close();
  const { length } = spans;
  expect(told(said)).toMatchObject({
    failures: [],
    sdk: loadsSdk,
    spans: { ended: length, delivered: length, dropped: {} },
  });
  return spans;
}

const count = (spans: readonly Exported[], name: string): number => spans.filter((span) => span.name === name).length;

/** All spans arrive at a collector: ours without the SDK, and beside them those that the SDK makes for an instrumentation. */
async function exportsFrom(project: Project): Promise<void> {
  const ours = await exported(project, programs.exporting, false);
  expect([ours.length, count(ours, 'GET'), count(ours, 'work')]).toEqual([30, 20, 10]);
  const both = await exported(project, programs.instrumented, true);
  expect([both.length, count(both, 'GET'), count(both, 'work'), count(both, 'theirs')]).toEqual([40, 20, 10, 10]);
  const parents = both.filter(({ name }) => name === 'theirs').map(({ parentSpanId }) => parentSpanId);
  expect(new Set(parents)).toEqual(new Set(both.filter(({ name }) => name === 'work').map(({ spanId }) => spanId)));
}

export const FORMS: Readonly<Record<string, Form>> = {
  install: async ({ installed }) => {
    expect(installed).toMatch(/^added \d+ packages/m);
    expect(installed).not.toMatch(NO_COMPLAINT);
  },
  'all peers': async ({ bare }) => {
    // What npm would do is enough: by then it has chosen all versions.
    expect(await bare.install('--dry-run', ...PEERS)).not.toMatch(NO_COMPLAINT);
  },
  ESM: servesIn('esm.mjs', programs.esm),
  CJS: servesIn('cjs.cjs', programs.cjs),
  both: async ({ bare }) => {
    bare.write('mixed.mjs', programs.mixed);
    expect(told(await bare.run(['mixed.mjs']))).toEqual([true, true]);
  },
  '--import': registers('plain.mjs', programs.plainEsm, '--import'),
  '--require': registers('plain.cjs', programs.plainCjs, '--require'),
  'TS node16': compiles('node16'),
  'TS bundler': compiles('bundler'),
  'esbuild ESM': bundles('app.mjs', programs.esm, { format: 'esm', banner: { js: REQUIRE } }),
  'esbuild CJS': bundles('app.cjs', programs.cjs, { format: 'cjs' }),
  'CJS in ESM': bundles('mixed.mjs', programs.cjs, { format: 'esm', banner: { js: REQUIRE } }),
  'SDK 2': async ({ line, bare, another }) => {
    if (line === '20') return exportsFrom(bare);
    const { project, said } = await another('@opentelemetry/sdk-node@^0.223.0', '@opentelemetry/api@~1.9.1');
    expect(said).not.toMatch(NO_COMPLAINT);
    expect(project.versionOf('@opentelemetry/sdk-node')).toMatch(SDK_2);
    await exportsFrom(project);
  },
  'SDK 3': async ({ line, bare }) => {
    expect(bare.versionOf('@opentelemetry/sdk-node')).toMatch(line === '20' ? SDK_2 : SDK_3);
    expect(bare.versionOf('@opentelemetry/api')).toMatch(line === '20' ? /^1\.9\./ : /^1\.10\./);
    return line === '20' ? 'needs 22.15' : exportsFrom(bare);
  },
  'no peers': async ({ bare }) => {
    for (const [what, { code, says }] of Object.entries(programs.WITHOUT_PEERS)) {
      bare.write('peerless.mjs', code);
      const { stdout, stderr } = await bare.run(['peerless.mjs']).catch((failure: Said) => failure);
      expect(`${what}: ${stdout}${stderr}`).toContain(says);
    }
  },
  command: async ({ bare }) => {
    const { stdout } = await bare.run([join('node_modules', '.bin', 'fourlights'), 'rules']);
    expect(stdout).toContain('fourlights');
  },
};
