import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { jsonLines, root, run } from './program.js';

const ASK = (load: string): string => `
  ${load}
  (async () => {
    const { admin, shutdown } = observe({ admin: { port: 0 }, log: { destination: '/dev/null' } });
    const port = await admin.port;
    const sizes = [];
    for (const path of ['', 'page.js', 'page.css']) {
      const response = await fetch('http://127.0.0.1:' + port + '/' + path);
      sizes.push([response.status, (await response.text()).length > 500]);
    }
    console.log(JSON.stringify({ sizes }));
    await shutdown();
  })();`;

const served = [
  {
    sizes: [
      [200, true],
      [200, true],
      [200, true],
    ],
  },
];

test.each([
  ['module', "import { observe } from 'fourlights';"],
  ['commonjs', "const { observe } = require('fourlights');"],
] as const)('the built package serves its page, and the process ends by itself (%s)', async (type, load) => {
  const { stdout, stderr, code } = await run(ASK(load), { type });
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  expect(jsonLines(stdout)).toEqual(served);
});

test('a bundle of an application has the page within it, and reads no file for it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fourlights-page-'));
  const outfile = join(folder, 'app.cjs');
  await build({
    stdin: { contents: ASK("const { observe } = require('fourlights');"), resolveDir: root },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  });
  const { stdout, stderr } = await run(
    `process.chdir(${JSON.stringify(folder)}); await import(${JSON.stringify(outfile)});`,
  );
  rmSync(folder, { recursive: true });
  expect(stderr).toBe('');
  expect(jsonLines(stdout)).toEqual(served);
});
