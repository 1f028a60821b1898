import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BehaviourName, FlagService } from './flag-service.js';
import { documentOf } from './recording-sink.js';

const root = fileURLToPath(new URL('../../../src/flags/sources/sources.ts', import.meta.url));
const clock = fileURLToPath(new URL('../../../src/core/clock.ts', import.meta.url));
const service = new FlagService();
let folder = '';

beforeAll(async () => {
  await service.listen();
  folder = mkdtempSync(join(tmpdir(), 'fourlights-exit-'));
  writeFileSync(join(folder, 'flags.json'), documentOf('ENABLED'));
  const contents = `export { sourceOf } from ${JSON.stringify(root)}; export { systemClock } from ${JSON.stringify(clock)};`;
  const stdin = { contents, resolveDir: folder, loader: 'ts' as const };
  buildSync({ stdin, outfile: join(folder, 'sources.mjs'), bundle: true, platform: 'node', format: 'esm' });
});
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

/** A process of its own that starts a source and never stops it; for a while it has other things to do. */
async function heardBy(source: string): Promise<string[]> {
  writeFileSync(
    join(folder, 'main.mjs'),
    `import { sourceOf, systemClock } from './sources.mjs';
     const heard = [];
     const note = (what) => () => heard.push(what) > 0;
     sourceOf(${JSON.stringify(source)}, systemClock).start({ document: note('document'), alive: note('alive'), failed: note('failed') });
     setTimeout(() => {}, 300);
     process.on('exit', () => console.log(JSON.stringify(heard)));`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, ['main.mjs'], { cwd: folder, timeout: 20_000 });
  return JSON.parse(stdout);
}

test.each<[string, BehaviourName, string]>([
  ['a stream that is open', 'ok', 'sse+'],
  ['a stream that hangs', 'hang', 'sse+'],
  ['a poll that is well', 'ok', ''],
  ['a poll that hangs', 'hang', ''],
  ['a body that never ends', 'slowloris', ''],
])('%s keeps no process alive', async (_name, behaviour, form) => {
  service.behave(behaviour);
  const heard = await heardBy(`${form}${service.url}`);
  if (behaviour === 'ok') expect(heard).toContain('document');
});

test('a file that is watched, or waited for, keeps no process alive', async () => {
  expect(await heardBy('flags.json')).toContain('document');
  expect(await heardBy('none/flags.json')).toContain('failed');
});
