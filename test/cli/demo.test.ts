import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RequestAnswer } from '../../src/admin/api/request.js';
import type { RequestRow } from '../../src/admin/api/requests.js';
import type { Snapshot } from '../../src/admin/api/snapshot.js';
import type { RolloutState } from '../../src/admin/api/sources.js';
import { cli, fourlights } from './process.js';

/** A demo that runs, until `end`. */
async function running() {
  const child: ChildProcess = spawn(process.execPath, [cli, 'demo', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const closed = once(child, 'close');
  const started = async () => {
    for (;;) {
      const [, page] = /^The status page: (http:\S+)/.exec(text) ?? [];
      if (page !== undefined) return page;
      await delay(20);
    }
  };
  const page = await Promise.race([
    started(),
    closed.then(() => Promise.reject(new Error(`it ended at once: ${text}${stderr}`))),
  ]);
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const [code] = await closed;
    return { code, stderr, text };
  };
  const json = async <T>(path: string): Promise<T> => (await fetch(`${page}api/${path}`)).json() as Promise<T>;
  return { page, end, json };
}

/** Looks again until there is what is looked for. */
async function awaited<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await delay(100);
  }
}

describe('fourlights demo', () => {
  let demo: Awaited<ReturnType<typeof running>>;
  beforeAll(async () => {
    demo = await running();
  });
  afterAll(() => demo.end('SIGKILL'));

  test('prints the address of its page', async () => {
    expect(await (await fetch(demo.page)).text()).toContain('<title>');
  });

  test('has failed requests with their spans and lines', async () => {
    const failed = await awaited(async () => {
      const { requests } = await demo.json<{ requests: RequestRow[] }>('requests');
      return requests.find(({ name, failed: bad }) => bad && name === 'GET /home/:user');
    });
    const { spans, lines } = await demo.json<RequestAnswer>(`request?id=${failed.id}`);
    expect(spans.map(({ name }) => name)).toEqual(['GET /home/:user', 'rank pictures']);
    expect(lines.map((line) => JSON.parse(line).event)).toEqual([
      'ranking_overloaded',
      'request_failed',
      'http_request',
    ]);
  });

  test('takes the feature that fails back by itself, and not the other', async () => {
    const states = await awaited(async () => {
      const { rollouts } = await demo.json<{ rollouts: RolloutState[] }>('rollouts');
      return rollouts.some(({ status }) => status === 'rolled_back') ? rollouts : undefined;
    });
    const back = states.filter(({ status }) => status === 'rolled_back');
    expect(back.map(({ flag }) => flag)).toEqual(['new_checkout']);
  });

  test('fourlights top shows it in plain text to whoever is no terminal, with the figures of its page', async () => {
    const { code, stdout, stderr } = fourlights(['top', demo.page]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { service, routes } = await demo.json<Snapshot>('snapshot');
    expect(stdout).toMatch(new RegExp(`^${service} 1\\.0\\.0 \\(demo\\) {2}instance `));
    for (const { method, route } of routes) expect(stdout).toContain(`${method} ${route} `);
    expect(stdout).toMatch(/latency .* p99 of \d+ requests/);
  });

  test('fourlights top --json is the snapshot of the page', async () => {
    const { code, stdout } = fourlights(['top', '--json', demo.page]);
    const ours: Snapshot = JSON.parse(stdout);
    const theirs = await demo.json<Snapshot>('snapshot');
    expect(Object.keys(ours)).toEqual(Object.keys(theirs));
    expect({ code, service: ours.service, instance: ours.instance }).toEqual({
      code: 0,
      service: 'demo-shop',
      instance: theirs.instance,
    });
  });

  test('a port that is taken is said', () => {
    const { port } = new URL(demo.page);
    const { code, stderr } = fourlights(['demo', '--port', port]);
    expect(stderr).toContain(`port ${port} is taken`);
    expect(code).toBe(69);
  });

  test('SIGINT ends it with 0, after a last look and what it has done', async () => {
    const { code, stderr, text } = await demo.end('SIGINT');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(text).toMatch(/\nGET \/home\/:user /);
    expect(text).toMatch(/\n\d+ requests, \d+ log lines, \d+ spans; stopped within \d+ ms\.\n$/);
  });
});

test('fourlights demo --for ends by itself', () => {
  const { code, stdout, stderr } = fourlights(['demo', '--port', '0', '--for', '2s']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('stopped within');
});

test.each([
  [['demo', '--port', '99999'], '--port must be an integer from 0 to 65535, got 99999'],
  [['demo', '--for', 'soon'], '--for expects seconds, or a time such as'],
  [['top', 'not-a-url'], 'the url must be that of an admin port'],
  [['top', '--every', '5'], '--every must be at least 200 ms, got 5'],
  [['top', 'ftp://127.0.0.1'], 'the url must be that of an admin port'],
])('%j is answered with what is wrong', (args, message) => {
  const { code, stdout, stderr } = fourlights(args);
  expect(stderr).toContain(`fourlights: ${message}`);
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
});

test('fourlights top says that nothing answers', () => {
  const { code, stderr } = fourlights(['top', 'http://127.0.0.1:1']);
  expect(stderr).toMatch(/nothing answers at http:\/\/127\.0\.0\.1:1 \(.*ECONNREFUSED.*\): is the service running/);
  expect(code).toBe(69);
});
