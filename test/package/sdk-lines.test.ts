import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeBinary } from '../support/node-binary.mjs';
import { root } from './program.js';

const execute = promisify(execFile);
const folders: string[] = [];
let tarball = '';

const temporary = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'fourlights-sdk-'));
  folders.push(folder);
  return folder;
};

beforeAll(() => {
  const folder = temporary();
  execFileSync('npm', ['pack', '--pack-destination', folder, '--ignore-scripts'], { cwd: root, stdio: 'pipe' });
  tarball = join(folder, readdirSync(folder)[0] as string);
});

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const APP = `
  import http from 'node:http';
  import { observe, shutdown, span } from 'fourlights';
  observe({ service: 'packed', log: { level: 'silent' }, traces: {} });
  const server = http.createServer((request, response) => response.end(span('work', () => 'done'))).listen(0, '127.0.0.1', async () => {
    for (let i = 0; i < 10; i++) await (await fetch('http://127.0.0.1:' + server.address().port)).text();
    server.close();
    server.closeAllConnections();
    console.log(JSON.stringify(await shutdown()));
  });`;

/** The newest npm there is, run by that Node: it chooses versions by the engines of the Node that runs it. */
const npmCli = (): string =>
  join(execFileSync('npm', ['root', '-g'], { encoding: 'utf8' }).trim(), 'npm/bin/npm-cli.js');

test.each([
  { line: '20', sdk: /^0\.223\./, api: /^1\.9\./ },
  { line: '24', sdk: /^0\.301\./, api: /^1\.10\./ },
])(
  'packed and installed in an empty project on Node $line: no peer warning, and spans are exported',
  async ({ line, sdk, api }) => {
    const folder = temporary();
    const node = nodeBinary(line);
    writeFileSync(join(folder, 'package.json'), '{ "name": "empty", "version": "1.0.0", "type": "module" }');
    writeFileSync(join(folder, 'app.js'), APP);
    const env = { ...process.env, npm_config_cache: join(tmpdir(), 'fourlights-npm-cache') };
    const install = await execute(node, [npmCli(), 'install', tarball, '--no-audit', '--no-fund'], {
      cwd: folder,
      env,
    });
    expect(`${install.stdout}${install.stderr}`).not.toMatch(/peer|ERESOLVE|EBADENGINE/i);
    const versionOf = (name: string): string =>
      JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version;
    expect(versionOf('@opentelemetry/sdk-node')).toMatch(sdk);
    expect(versionOf('@opentelemetry/api')).toMatch(api);

    const bodies: string[] = [];
    const collector = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      bodies.push(Buffer.concat(chunks).toString());
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
    const { stdout, stderr } = await execute(node, ['app.js'], {
      cwd: folder,
      env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
    });
    collector.close();
    expect(stderr).toBe('');
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ failures: [], spans: { ended: 30, delivered: 30 } });
    expect(bodies.join('').match(/"name":"GET"/g)?.length).toBe(20);
    expect(bodies.join('').match(/"name":"work"/g)?.length).toBe(10);
    const packages = readdirSync(join(folder, 'node_modules'), { recursive: true }).filter((path) =>
      /package\.json$/.test(String(path)),
    );
    console.info(
      `Node ${line}: sdk-node ${versionOf('@opentelemetry/sdk-node')}, ${packages.length} package.json files`,
    );
  },
);
