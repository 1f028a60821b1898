import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { jsonLines, root } from '../package/program.js';
import { until } from '../support/until.js';
import { Project, packed } from './project.js';

const LIMIT_MS = 600_000;
/** What only a line of ours says. */
const OURS = /fourlights|observe\(|goldenSignals\(|\blog\./;

const [, example = ''] = /^```js\n([\s\S]*?)^```$/m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
const lines = example.split('\n');

const project = new Project(process.execPath);
const folder = mkdtempSync(join(tmpdir(), 'fourlights-packed-'));
afterAll(() => {
  project.remove();
  rmSync(folder, { recursive: true });
}, LIMIT_MS);

const PRELOAD = `
  import { Server } from 'node:net';
  const { listen } = Server.prototype;
  Server.prototype.listen = function (...args) {
    const asked = typeof args[0] === 'object' ? args[0].port : args[0];
    this.once('listening', () => console.log(JSON.stringify({ asked, port: this.address().port })));
    return Reflect.apply(listen, this, [0, '127.0.0.1', ...args.filter((arg) => typeof arg === 'function')]);
  };`;

test("the README's first example adds at most five lines to a plain Express app", () => {
  const added = lines.filter((line) => OURS.test(line));
  expect(added.length).toBeGreaterThan(0);
  expect(added.length).toBeLessThanOrEqual(5);
});

test(
  'from an empty folder to signals, page, trace and log line, by the README alone',
  async () => {
    const began = performance.now();
    const seconds = (): string => `${((performance.now() - began) / 1000).toFixed(1)} s`;
    await project.install(packed(folder), 'express@5');
    const installed = seconds();

    project.write('app.mjs', example);
    project.write('spare-ports.mjs', PRELOAD); // the ports that the README names may be somebody else's
    const app = execFile(process.execPath, ['--import', './spare-ports.mjs', 'app.mjs'], {
      cwd: project.folder,
      env: { ...process.env, NODE_ENV: '' },
    });
    let said = '';
    for (const stream of [app.stdout, app.stderr])
      stream?.on('data', (chunk) => {
        said += chunk;
      });
    const portOf = (asked: number): unknown => jsonLines(said).find((line) => line['asked'] === asked)?.['port'];
    const get = async (asked: number, path: string, headers = {}): Promise<Response> =>
      fetch(`http://127.0.0.1:${portOf(asked)}${path}`, { headers });
    try {
      await until(() => portOf(3000) !== undefined && portOf(9464) !== undefined, LIMIT_MS);
      const answer = await get(3000, '/carts/ada?coupon=x', { 'x-correlation-id': 'order-7' });
      expect(answer.headers.get('x-correlation-id')).toBe('order-7');

      await until(() => said.includes('"http_request"'), LIMIT_MS);
      const [opened, request] = jsonLines(said).filter((line) => 'correlation_id' in line);
      expect(opened).toMatchObject({ event: 'cart_opened', correlation_id: 'order-7', token: '[redacted]' });
      expect(request).toMatchObject({ route: '/carts/:user', status: 200, trace_id: opened?.['trace_id'] });

      const metrics = await (await get(9464, '/metrics')).text();
      expect(metrics).toMatch(/^http_server_request_duration_seconds_count\{.*http_route="\/carts\/:user".*\} 1$/m);
      const traces = await (await get(9464, '/api/requests')).text();
      expect(traces).toContain(String(request?.['trace_id']));
      const page = await get(9464, '/');
      expect([page.status, (await page.text()).includes('<html')]).toEqual([200, true]);
      const snapshot = JSON.stringify(await (await get(9464, '/api/snapshot')).json());
      expect(snapshot).toContain('"/carts/:user"');
      console.info(`installed after ${installed}; signals, page, trace and log line after ${seconds()}`);
    } finally {
      app.kill();
    }
  },
  LIMIT_MS,
);
