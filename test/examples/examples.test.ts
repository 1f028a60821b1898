import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { jsonLines } from '../package/program.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LIMIT_MS = 600_000;

function run(name: string): Promise<{ code: number | string; text: string }> {
  const program = `examples/${name}/run.mjs`;
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program], { cwd: root, timeout: LIMIT_MS }, (_error, stdout) =>
      resolve({ code: child.exitCode ?? 'killed', text: stdout }),
    );
  });
}

describe.concurrent('an example runs by one command', { timeout: LIMIT_MS }, () => {
  test.each(['express', 'koa', 'fastify', 'http', 'nestjs'])(
    '%s: routes are templates, a failure has its reason, the ID of the client is in every line of its request',
    async (name) => {
      const { code, text } = await run(name);
      const lines = jsonLines(text);
      const own = lines.filter((line) => line['correlation_id'] === 'order-7');
      expect(own.map(({ event }) => event)).toEqual(['user_read', 'http_request']);
      expect(own[0]).toMatchObject({ user_id: '7', token: '[redacted]' });
      expect(own[1]).toMatchObject({ route: '/users/:id', status: 200 });
      expect(lines).toContainEqual(expect.objectContaining({ path: '/users/0', status: 500, level: 'error' }));
      expect(text).toContain(
        'ended by SIGTERM\nGET /users/:id: 2 requests, 1 errors\nGET _unmatched: 1 requests, 0 errors\n',
      );
      expect(code).toBe(0);
    },
  );

  test('flags: the share of users follows the document, and a kill takes all of them', async () => {
    const { code, text } = await run('flags');
    const [quarter = 0, half = 0, killed] = [...text.matchAll(/: +(\d+) of 200 users/g)].map(([, users]) =>
      Number(users),
    );
    expect(quarter).toBeGreaterThan(20);
    expect(half).toBeGreaterThan(quarter);
    expect(killed).toBe(0);
    expect(text).toMatch(/variant on: \d+ requests, [1-9]\d* errors\nvariant off: \d+ requests, 0 errors/);
    expect(code).toBe(0);
  });

  test('alerts: one that fires is told to log and pager, and so is its end', async () => {
    const { code, text } = await run('alerts');
    const of = jsonLines(text).filter(({ alert }) => alert === 'OrdersFail');
    expect(of.map(({ event }) => event)).toEqual(['alert_firing', 'alert_resolved']);
    expect(text).toMatch(/pager: firing OrdersFail: Turn off new_checkout[\s\S]*pager: resolved OrdersFail/);
    expect(code).toBe(0);
  });

  test('cluster: the primary has the sum of all workers, also of one that was killed', async () => {
    const { code, text } = await run('cluster');
    expect(text).toContain('answered by worker 1, worker 2');
    expect(text.match(/requests in \/metrics of the primary: 60\n/g)).toHaveLength(2);
    expect(text).toContain('fourlights_cluster_processes 2\n');
    expect(code).toBe(0);
  });
});
