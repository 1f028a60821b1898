import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { Receiver } from '../receiver.js';

test('a process ends by itself, though a receiver has not answered yet', async () => {
  const receiver = await new Receiver().start();
  receiver.statuses = [undefined];
  const folder = mkdtempSync(join(tmpdir(), 'fourlights-ending-'));
  const outfile = join(folder, 'ending.cjs');
  const entry = fileURLToPath(new URL('fixtures/ending.ts', import.meta.url));
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' });
  const env = { ...process.env, RECEIVER: receiver.url };
  const child = spawn(process.execPath, [outfile], { env, stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  receiver.stop();
  rmSync(folder, { recursive: true });
});
