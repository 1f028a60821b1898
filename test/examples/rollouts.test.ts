import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LIMIT_MS = 600_000;

function run(program: string): Promise<{ code: number | string; text: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program], { cwd: root, timeout: LIMIT_MS }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? 'killed', text: `${stdout}${stderr}` }),
    );
  });
}

/** Of the first line that says so; looks are ten seconds apart, and the evidence of three is enough. */
function secondsAt(text: string, what: RegExp): number {
  return Number.parseFloat(text.split('\n').find((line) => what.test(line)) ?? '');
}

test('guarded-rollout: what breaks is taken back at its second stage, what is sound arrives, and nobody else sees an error', {
  timeout: LIMIT_MS,
}, async () => {
  const { code, text } = await run('examples/guarded-rollout/run.mjs');
  console.info(text);
  expect(text).toMatch(/new_checkout: advanced, 10 % -> 50 %/);
  expect(text).toMatch(/new_checkout: rolled back, 50 % -> 0 %: errors of "on"/);
  expect(secondsAt(text, /new_checkout: rolled back/) - secondsAt(text, /new_checkout: advanced/)).toBeLessThanOrEqual(
    60,
  );
  expect(text).toMatch(/new_search: done, \d+ % -> 100 %/);
  expect(text).toContain('errors outside of the new checkout: 0; connections lost: 0');
  expect(code).toBe(0);
});

const installed = spawnSync('prometheus', ['--version']).status === 0;

describe.skipIf(!installed)("canary-deploy (skipped without Debian's package `prometheus`)", () => {
  test('a bad version is taken back at 5 %, a good one gets it all, and blue-green loses nothing', {
    timeout: LIMIT_MS,
  }, async () => {
    const { code, text } = await run('examples/canary-deploy/run.mjs');
    console.info(text);
    expect(text).toContain('1.5.0 is taken back at 5 % (verdict: 1)');
    expect(text).toMatch(/1\.5\.1 has 100 % of the traffic[\s\S]*1\.4\.1 has drained in \d/);
    expect(text).toMatch(/1\.6\.0 has 100 % of the traffic[\s\S]*1\.5\.1 has drained in \d/);
    expect(text).toContain('lost: 0\n');
    expect(code).toBe(0);
  });
});
