import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { jsonLines, run, start } from './program.js';

const LINES = 1000;
const WRITE = `
  import { log, observe } from 'fourlights';
  observe({ service: 'endings' });
  for (let i = 0; i < ${LINES}; i++) log.info({ i }, 'line');`;

interface Case {
  readonly name: string;
  readonly end: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const cases: Case[] = [
  { name: 'the natural end', end: '', code: 0, signal: null },
  { name: 'process.exit(3)', end: 'process.exit(3);', code: 3, signal: null },
  { name: 'an exit code set by the application', end: 'process.exitCode = 4;', code: 4, signal: null },
  { name: 'an uncaught exception', end: "throw new Error('uncaught');", code: 1, signal: null },
  {
    name: 'an unhandled rejection',
    end: "Promise.reject(new Error('unhandled')); setInterval(() => {}, 1000);",
    code: 1,
    signal: null,
  },
  {
    name: 'SIGTERM',
    end: "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);",
    code: null,
    signal: 'SIGTERM',
  },
  {
    name: 'SIGINT',
    end: "process.kill(process.pid, 'SIGINT'); setInterval(() => {}, 1000);",
    code: null,
    signal: 'SIGINT',
  },
  {
    name: 'SIGTERM with a handler of the application',
    end: "process.on('SIGTERM', () => { log.info({ i: 'last' }, 'line'); process.exit(7); }); process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);",
    code: 7,
    signal: null,
  },
];

describe(`of ${LINES} lines none is lost, and the ending stays what it was, with`, () => {
  test.each(cases)('$name, in the first tick', async ({ end, code, signal }) => {
    const ending = await run(`${WRITE}\n${end}`);
    expect({ code: ending.code, signal: ending.signal }).toEqual({ code, signal });
    const numbers = jsonLines(ending.stdout).map((line) => line['i']);
    expect(numbers.filter((i) => i !== 'last')).toEqual(Array.from({ length: LINES }, (_, i) => i));
    if (ending.code === 7) expect(numbers.at(-1)).toBe('last');
  });

  test.each(cases)('$name, later', async ({ end, code, signal }) => {
    const ending = await run(`${WRITE}\nsetTimeout(() => { log.info({ i: 'late' }, 'line'); ${end} }, 100);`);
    expect({ code: ending.code, signal: ending.signal }).toEqual({ code, signal });
    const numbers = jsonLines(ending.stdout).map((line) => line['i']);
    expect(numbers.filter((i) => typeof i === 'number')).toHaveLength(LINES);
    expect(numbers).toContain('late');
  });
});

test('a signal from outside ends a server by that signal, with all lines written', async () => {
  const { child, ended } = start(`${WRITE}
    import http from 'node:http';
    http.createServer(() => {}).listen(0, () => console.error('up'));`);
  await once(child.stderr ?? child, 'data');
  child.kill('SIGTERM');
  const ending = await ended;
  expect(ending.signal).toBe('SIGTERM');
  expect(jsonLines(ending.stdout)).toHaveLength(LINES);
});

test('a reader that stopped reading neither blocks nor kills the host, and the drops are counted', async () => {
  const { child, ended } = start(`
    import { log, observe, shutdown } from 'fourlights';
    observe();
    const text = 'x'.repeat(1000);
    let worst = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      worst = Math.max(worst, performance.now() - last - 10);
      last = performance.now();
      for (let i = 0; i < 200; i++) log.info({ text }, 'line');
    }, 10);
    setTimeout(async () => {
      clearInterval(beat);
      const { logs } = await shutdown();
      console.error(JSON.stringify({ worst: Math.round(worst), ...logs }));
      process.exit(0);
    }, 1500);`);
  child.stdout?.pause();
  child.stdout?.removeAllListeners('data');
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = (await once(child, 'exit')) as [number];
  child.stdout?.destroy();
  await ended;
  const report = jsonLines(said).find((line) => 'worst' in line);
  expect(code).toBe(0);
  expect(report?.['dropped']).toBeGreaterThan(0);
  expect(report?.['worst']).toBeLessThan(1000); // the promise is 50 ms on a quiet machine: bench/ and the closing note show it
});

test('a notice before observe() is on stderr, and a closed stderr kills nobody', async () => {
  const code = `
    import { observe } from 'fourlights';
    setTimeout(() => { observe({ log: { destination: '/dev/null' } }); console.log('alive'); setTimeout(() => console.log('still'), 50); }, 100);`;
  const heard = await run(code, { env: { LOG_LEVEL: 'loud' } });
  expect(heard.stderr).toMatch(/^fourlights: LOG_LEVEL must be one of .*, got "loud"; using the default \[.*\]\n$/);
  const deaf = start(code, { env: { LOG_LEVEL: 'loud' } });
  deaf.child.stderr?.destroy();
  expect(await deaf.ended).toMatchObject({ code: 0, stdout: 'alive\nstill\n' });
});
