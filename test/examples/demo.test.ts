import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LIMIT_MS = 60_000;

interface Demo {
  readonly runner: ChildProcess;
  /** Its output so far. */
  text(): string;
  /** Waits until the output has a match. */
  shows(pattern: RegExp): Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
}

/** In a process group of its own, as a shell starts it: Ctrl-C reaches the whole group. */
function demo(...args: string[]): Demo {
  const runner = spawn(process.execPath, ['examples/demo/run.mjs', ...args], {
    cwd: root,
    detached: true,
    stdio: 'pipe',
  });
  const limit = setTimeout(() => runner.kill('SIGKILL'), LIMIT_MS);
  let stdout = '';
  let stderr = '';
  runner.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  runner.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) => {
    runner.on('close', (code) => {
      clearTimeout(limit);
      resolve({ code, stderr });
    });
  });
  const over = ended.then(({ code }) => Promise.reject(new Error(`ended with ${code}: ${stdout}${stderr}`)));
  over.catch(() => {});
  const seen = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(stdout)) await delay(20);
  };
  return { runner, text: () => stdout, shows: (pattern) => Promise.race([seen(pattern), over]), ended };
}

function pids(text: string): number[] {
  return [...text.matchAll(/ pid (\d+)/g)].map(([, pid]) => Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The block of lines that begins with the first one that matches, to the next empty line. */
function blocks(text: string, first: RegExp): string[] {
  return text.split('\n\n').filter((block) => first.test(block));
}

const SERVICES = ['gateway', 'auth', 'users', 'recommendations', 'model'];

describe('the demo, for eight seconds', () => {
  let text = '';
  let code: number | null = null;
  let stderr = '';

  beforeAll(async () => {
    const run = demo('--for', '8s');
    ({ code, stderr } = await run.ended);
    text = run.text();
  });

  test('ends well, and leaves no process', () => {
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(pids(text)).toHaveLength(SERVICES.length);
    expect(pids(text).filter(isAlive)).toEqual([]);
  });

  test.each([
    ['gateway', 'GET /home/:user'],
    ['auth', 'GET /sessions/:user'],
    ['users', 'GET /users/:user'],
    ['recommendations', 'GET /picks/:user'],
    ['model', 'GET /scores/:user'],
  ])('shows the four golden signals of %s and its route %s', (service, route) => {
    const last = blocks(text, /^service +route/).at(-1) ?? '';
    const row = last.split('\n').find((line) => line.startsWith(service)) ?? '';
    expect(row.slice(17, 36).trimEnd()).toBe(route);
    expect(row.slice(36)).toMatch(/^( +\d+(\.\d)?){3} +\d+\.\d +(! )?\d+(\.\d)? % +\d+ {2}\w+ \d+\.\d\d( !)?$/);
  });

  test('shows a second route of one service on a line of its own', () => {
    expect(text).toMatch(/\n {17}GET \/profile\/:user( +(?:\d+(?:\.\d)?|-)){3} /);
  });

  test.each([
    ['Slow', / 200 after [\d.]+ ms; [\d.]+ ms of it in (\w+)\n/],
    ['Failed', / 502 after [\d.]+ ms; (model) failed first, with 503\n/],
  ])('shows the lines of the services about one request: %s', (kind, finding) => {
    const [block = ''] = blocks(text, new RegExp(`^${kind} request, correlation ID [0-9a-f]{32}\n`));
    const [, found] = finding.exec(block) ?? [];
    const lines = [...block.matchAll(/^([>! ]) +(\d+) +(?:[\d.]+ +)?([a-z]+) /gm)];
    const of = (marks: string): (string | undefined)[] =>
      lines.flatMap(([, mark, , service]) => (marks.includes(mark as string) ? [service] : []));
    expect(new Set(of('>! '))).toEqual(new Set(SERVICES));
    expect(of('>')).toEqual([found]);
    const offsets = lines.map(([, , offset]) => Number(offset));
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
  });

  test.each(['Slow', 'Failed'])('shows the same request as a trace across its processes: %s', (kind) => {
    const [block = ''] = blocks(text, new RegExp(`^${kind} request, correlation ID `));
    const [, id] = /correlation ID ([0-9a-f]{32})/.exec(block) ?? [];
    const [trace = ''] = blocks(text, new RegExp(`^The same request as a trace, ${id}\n`));
    for (const line of [
      /^gateway GET \/home\/:user( 502)? +[\d.]+ ms █+/m,
      /^├─ auth GET \/sessions\/:user +[\d.]+ ms +█+/m,
      /^│ {2}└─ postgresql SELECT users +[\d.]+ ms +█+/m,
      /^└─ recommendations GET \/picks\/:user/m,
      /^ {3}├─ cache get +[\d.]+ ms +█+/m,
      /^ {3}└─ model GET \/scores\/:user/m,
    ]) {
      expect(trace).toMatch(line);
    }
    expect(trace).toMatch(kind === 'Slow' ? /<- slowest$/m : /model GET \/scores\/:user 503 .*<- failed$/m);
  });

  test('is plain text of at most 100 columns when nobody watches it on a terminal', () => {
    expect(text).not.toContain('\u001b');
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });
});

/** Whose spans and whose log lines the page has of one request that went through all. */
async function servicesOnPage(page: string): Promise<{ spans: string[]; lines: string[] }> {
  const json = async (path: string) => (await fetch(`${page}api/${path}`)).json();
  for (;;) {
    const { requests } = (await json('requests')) as { requests: { id: string }[] };
    for (const { id } of requests) {
      const { spans, lines } = (await json(`request?id=${id}`)) as { spans: { service: string }[]; lines: string[] };
      const of = (services: string[]): string[] => [...new Set(services)].toSorted();
      const found = {
        spans: of(spans.map(({ service }) => service)),
        lines: of(lines.map((line) => JSON.parse(line).service)),
      };
      if (found.lines.length === SERVICES.length) return found;
    }
    await delay(200);
  }
}

test('Ctrl-C ends the demo with 0 in a few seconds, and all its processes', async () => {
  const { runner, shows, text, ended } = demo();
  await shows(/^service +route/m);
  const [page = ''] = /http:\/\/\S+\/$/m.exec(text().slice(text().indexOf('The status page'))) ?? [];
  expect(await (await fetch(page)).text()).toContain('<title>');
  expect(await servicesOnPage(page)).toEqual({ spans: SERVICES.toSorted(), lines: SERVICES.toSorted() });
  const began = performance.now();
  process.kill(-(runner.pid as number), 'SIGINT');
  expect(await ended).toEqual({ code: 0, stderr: '' });
  expect(performance.now() - began).toBeLessThan(4000);
  expect(pids(text()).filter(isAlive)).toEqual([]);
});

test('Ctrl-C while the services start ends the demo with 0 as well', async () => {
  const { runner, shows, ended, text } = demo();
  await shows(/^Starting/);
  process.kill(-(runner.pid as number), 'SIGINT');
  expect(await ended).toEqual({ code: 0, stderr: '' });
  expect(text()).toMatch(/Stopped \d services/);
});

test('a service that dies is named, and ends the demo with 1', async () => {
  const { shows, text, ended } = demo();
  await shows(/^latency/m);
  const [, auth] = /auth +pid (\d+)/.exec(text()) ?? [];
  process.kill(Number(auth), 'SIGKILL');
  expect(await ended).toEqual({ code: 1, stderr: 'auth ended unexpectedly (SIGKILL).\n' });
  expect(pids(text()).filter(isAlive)).toEqual([]);
});

test('services whose runner was killed end by themselves', async () => {
  const { runner, shows, text, ended } = demo();
  await shows(/^latency/m);
  runner.kill('SIGKILL');
  await ended; // when the last of them has closed what it inherited
  const patience = performance.now() + 10_000;
  while (pids(text()).some(isAlive) && performance.now() < patience) await delay(50);
  expect(pids(text()).filter(isAlive)).toEqual([]);
});

test.each([['--for', 'soon'], ['--for'], ['--for=-1s'], ['--fro', '5s']])(
  '%j is refused before anything starts',
  async (...args) => {
    const { text, ended } = demo(...args);
    const { code, stderr } = await ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(/^(--for expects a time|unknown option)/);
    expect(stderr).toContain('npm run demo -- [--for <time>]');
    expect(text()).toBe('');
  },
);

test('--help says how to use it', async () => {
  const { text, ended } = demo('--help');
  expect(await ended).toEqual({ code: 0, stderr: '' });
  expect(text()).toMatch(/^Usage: npm run demo -- \[--for <time>\]\n/);
});
