import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { jsonLines, start } from '../package/program.js';
import { sparePort } from '../real/servers.js';
import { fourlights, inFolder } from './process.js';

const cases = [
  [{ type: 'module', dependencies: { express: '5' } }, 'express', 'app.mjs'],
  [{ dependencies: { express: '5' } }, 'express', 'app.cjs'],
  [{ type: 'module', devDependencies: { koa: '3' } }, 'koa', 'app.mjs'],
  [{ type: 'commonjs', dependencies: { koa: '3' } }, 'koa', 'app.cjs'],
  [{ type: 'module', dependencies: { fastify: '5' } }, 'fastify', 'app.mjs'],
  [{ dependencies: { fastify: '5' } }, 'fastify', 'app.cjs'],
  [{ type: 'module', dependencies: { hapi: '1' } }, 'node:http', 'app.mjs'],
  [{}, 'node:http', 'app.cjs'],
] as const;

describe('fourlights init', () => {
  test.each(cases)('prints for %j a program that runs, for %s', async (content, framework, file) => {
    const told = inFolder({ 'package.json': JSON.stringify({ name: "@shop/it's", ...content }) }, (folder) => {
      const plain = fourlights(['init'], folder);
      const json = JSON.parse(fourlights(['init', '--json'], folder).stdout) as Readonly<Record<string, string>>;
      expect(plain).toMatchObject({ code: 0, stderr: '' });
      expect(plain.stdout).toContain(json['code']);
      return json;
    });
    expect(told).toMatchObject({ framework, file, service: "it's", install: 'npm install fourlights' });

    const port = await sparePort();
    const program = start(told['code'] ?? '', {
      type: file === 'app.mjs' ? 'module' : 'commonjs',
      env: { PORT: String(port) },
    });
    await answered(`http://127.0.0.1:${port}/hello/ada`);
    program.child.kill('SIGTERM');
    const { stdout } = await program.ended;
    const events = jsonLines(stdout).map(({ service, event }) => `${service} ${event}`);
    expect(events).toEqual(expect.arrayContaining(["it's greeted", "it's http_request"]));
  });

  test.each([
    ['is not there', {}, 'ENOENT'],
    ['is no JSON', { 'package.json': '{' }, 'package.json cannot be used'],
    ['holds no object', { 'package.json': '[]' }, 'it holds no object'],
  ])('a package.json that %s ends it', (_what, files, message) => {
    inFolder(files, (folder) => {
      const { code, stdout, stderr } = fourlights(['init', '--dir', folder]);
      expect(stderr).toContain(message);
      expect(stderr).toContain('--dir says where package.json is');
      expect({ code, stdout }).toEqual({ code: 65, stdout: '' });
    });
  });
});

/** Once the program listens. */
async function answered(url: string): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.status === 200) return;
    await pause(50);
  }
  throw new Error(`${url} did not answer`);
}
