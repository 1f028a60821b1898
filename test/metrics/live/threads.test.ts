import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../support/until.js';
import { get, samples } from './service.js';

const folder = mkdtempSync(join(tmpdir(), 'fourlights-threads-'));
let child: ReturnType<typeof spawn>;
let port = 0;

const ask = async (path: string): Promise<string> => (await get(port, path)).body.toString();
const read = async (): Promise<Map<string, number>> => samples(await ask('/metrics'));
/** Waits until the metrics say so; a report of a thread is soon there. */
const says = async (name: string, value: number | undefined): Promise<void> => {
  let last: number | undefined;
  await until(async () => {
    last = (await read()).get(name);
    return last === value;
  }).catch(() => expect(last, name).toBe(value));
};

beforeAll(async () => {
  const outfile = join(folder, 'threads.cjs');
  const entry = fileURLToPath(new URL('fixtures/threads.ts', import.meta.url));
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' });
  child = spawn(process.execPath, [outfile], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line');
  port = JSON.parse(line).port;
});

afterAll(async () => {
  child.kill('SIGKILL');
  await once(child, 'exit');
  rmSync(folder, { recursive: true, force: true });
});

test('threads report to their process: what they count adds up, and what is of the whole process is told once', async () => {
  await ask('/start');
  await ask('/start');
  await ask('/add/0/3');
  await ask('/add/1/5');
  await ask('/add/2/7');
  await says('jobs_done_total', 15);
  await says('jobs_waiting', 15);
  await says('jobs_duration_seconds_count', 3);
  expect((await read()).get('jobs_duration_seconds_sum')).toBeCloseTo(0.15);
  const rss = Number(await ask('/rss'));
  expect((await read()).get('process_memory_usage_bytes')).toBeLessThan(rss * 1.5);
});

test('a thread that is asked has the main thread answer for all', async () => {
  expect(samples(await ask('/ask/2')).get('jobs_done_total')).toBe(15);
});

test('one that ends has told what it counted to the last, and what it measured goes', async () => {
  await ask('/end/1/10');
  await says('jobs_done_total', 25);
  await says('jobs_waiting', 10);
});

test('one that is terminated takes nothing with it that it has told', async () => {
  await ask('/terminate/2');
  await says('jobs_waiting', 3);
  expect((await read()).get('jobs_done_total')).toBe(25);
});

test('a collector that is new gets all that the living have counted', async () => {
  await ask('/start');
  await ask('/add/3/2');
  await says('jobs_done_total', 27);
  await ask('/again');
  await says('jobs_done_total', 5); // of the main thread and of the third; the others have ended before
  await ask('/end/3/1');
  await says('jobs_done_total', 6);
  await says('jobs_waiting', 3);
});
