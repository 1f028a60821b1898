import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Saturation } from '../../src/core/saturation.js';

const source = fileURLToPath(new URL('../../src', import.meta.url));
const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
let folder = '';

/** A process of its own runs the source, stripped of its types. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fourlights-saturation-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const room of ['core', 'saturation', 'saturation/pools']) {
    mkdirSync(join(folder, room));
    for (const file of readdirSync(join(source, room)).filter((name) => name.endsWith('.ts'))) {
      const { outputText } = ts.transpileModule(readFileSync(join(source, room, file), 'utf8'), { compilerOptions });
      writeFileSync(join(folder, room, file.replace(/\.ts$/, '.js')), outputText);
    }
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(program: string, intervalMs = 5000): Saturation {
  const start = `import { systemClock } from './core/clock.js';
    import { SaturationMonitor } from './saturation/monitor.js';
    import { probes } from './saturation/probes.js';
    const monitor = new SaturationMonitor({ clock: systemClock, probes: Object.keys(probes), intervalMs: ${intervalMs} });
    monitor.start();
    ${program}
    process.on('exit', () => console.log(JSON.stringify(monitor.read())));`;
  writeFileSync(join(folder, 'main.js'), start);
  return JSON.parse(execFileSync(process.execPath, ['main.js'], { cwd: folder, encoding: 'utf8', timeout: 15_000 }));
}

test('a process that started the monitor and did not stop it exits by itself', { timeout: 20_000 }, () => {
  const { resources } = run('');
  expect(resources).toHaveProperty('heap.ratio');
  expect(resources).toHaveProperty('memory.readings.limit_bytes');
});

const STALL = 'setTimeout(() => { for (const end = performance.now() + 300; performance.now() < end; ); }, 60);';

test('a stall before the first tick is no full resource: of that time nothing is known yet', {
  timeout: 20_000,
}, () => {
  const { resources, ratio } = run(STALL, 60_000);
  expect(ratio).toBeLessThan(1);
  for (const name of ['event-loop-delay', 'event-loop-utilization', 'cpu', 'gc'])
    expect(resources).not.toHaveProperty(name);
});

test('a stall before the first tick is in what the first tick sees', { timeout: 20_000 }, () => {
  const { resources, ratio } = run(
    `${STALL}
    const wait = () => monitor.read().resources['event-loop-delay'] === undefined && setTimeout(wait, 5);
    wait();`,
    400,
  );
  expect(ratio).toBeGreaterThan(1);
  const { p99_seconds: p99 = 0, max_seconds: max = 0 } = resources['event-loop-delay']?.readings ?? {};
  expect(p99).toBeGreaterThan(0.25);
  expect(max).toBeGreaterThanOrEqual(p99);
  expect(resources).toHaveProperty('cpu.readings.used_cpus');
  expect(resources['event-loop-utilization']?.ratio).toBeGreaterThan(0.5);
});
