import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { entries } from '../support/public-names.js';
import { jsonLines, root, run } from './program.js';

describe('import and require in one process', () => {
  test('share one instance, one context and one log', async () => {
    const { stdout, stderr, code } = await run(`
      import { createRequire } from 'node:module';
      import http from 'node:http';
      import * as esm from 'fourlights';
      const cjs = createRequire(process.cwd() + '/x.js')('fourlights');
      const first = esm.observe({ service: 'shared' });
      const second = cjs.observe();
      const server = http.createServer((request, response) => {
        cjs.log.info('from_cjs');
        esm.log.info('from_esm');
        response.end(JSON.stringify([esm.correlationId(), cjs.correlationId()]));
      }).listen(0, '127.0.0.1', async () => {
        const answer = await fetch('http://127.0.0.1:' + server.address().port);
        const [a, b] = await answer.json();
        server.close();
        server.closeAllConnections();
        await new Promise((resolve) => setTimeout(resolve, 50));
        const same = { same: first === second, ids: a === b && a === answer.headers.get('x-correlation-id'), log: esm.log === cjs.log };
        same.total = cjs.signals.snapshot().traffic.total;
        console.log(JSON.stringify(same));
      });`);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const lines = jsonLines(stdout);
    expect(lines.find((line) => 'same' in line)).toEqual({ same: true, ids: true, log: true, total: 1 });
    expect(lines.filter((line) => line['event'] === 'http_request')).toHaveLength(1);
    const ids = lines.filter((line) => String(line['event']).startsWith('from_')).map((line) => line['correlation_id']);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1]);
    expect(lines.filter((line) => line['event'] === 'fourlights_notice')).toMatchObject([{ code: 'observe twice' }]);
  });

  const names = entries().flatMap(([name]) => (name === 'fourlights/register' ? [] : [name])); // which has none

  test.each(names)('%s has the same names in both formats', async (name) => {
    const { stdout } = await run(`
        import { createRequire } from 'node:module';
        const esm = await import(${JSON.stringify(name)});
        const cjs = createRequire(process.cwd() + '/x.js')(${JSON.stringify(name)});
        console.log(JSON.stringify({ esm: Object.keys(esm).sort(), cjs: Object.keys(cjs).sort() }));`);
    const [names] = jsonLines(stdout);
    expect(names?.['esm']).not.toEqual([]);
    expect(names?.['cjs']).toEqual(names?.['esm']);
  });
});

test.each(['module', 'commonjs'] as const)(
  'a program that only imports the package starts nothing and exits by itself (%s)',
  async (type) => {
    const vendors = ['launchdarkly', 'unleash', 'openfeature'].map((name) => `fourlights/${name}`);
    const names = ['fourlights', 'fourlights/express', 'fourlights/koa', ...vendors];
    const load = names.map((name) => (type === 'module' ? `import '${name}';` : `require('${name}');`)).join(' ');
    // A pipe is standard error's own: a module of Node's that pino needs looks at it when it loads.
    const tell =
      "process.on('exit', () => console.log(process.getActiveResourcesInfo().filter((kind) => kind !== 'PipeWrap').join(), process.eventNames().join()));";
    const [bare, ours] = await Promise.all([run(tell, { type }), run(`${load} ${tell}`, { type })]);
    expect(ours).toEqual({ ...bare, code: 0 });
  },
);

test('a program that observes and does nothing else exits by itself', async () => {
  expect(await run("import { observe } from 'fourlights'; observe();")).toMatchObject({
    code: 0,
    signal: null,
    stderr: '',
  });
});

test('after shutdown nothing of ours is left running', async () => {
  const { stdout } = await run(`
    import { observe, shutdown } from 'fourlights';
    const before = process.getActiveResourcesInfo().length;
    const signals = ['SIGTERM', 'SIGINT', 'exit'].map((name) => process.listenerCount(name));
    observe({ log: { destination: '/dev/null' } });
    const report = await shutdown();
    // What had been asked of the system, as for free disk space, may still be answered.
    for (let tries = 0; tries < 100 && process.getActiveResourcesInfo().length > before; tries++)
      await new Promise((resolve) => setImmediate(resolve));
    const after = process.getActiveResourcesInfo().length;
    const left = ['SIGTERM', 'SIGINT', 'exit'].map((name) => process.listenerCount(name));
    console.log(JSON.stringify({ resources: Math.max(0, after - before), same: String(signals) === String(left), failures: report.failures }));`);
  expect(jsonLines(stdout)).toEqual([{ resources: 0, same: true, failures: [] }]);
});

const APP = (load: string, head: string): string => `
  ${head}
  ${load}
  const server = http.createServer((request, response) => { log.info({ path: request.url }, 'handled'); response.end(); });
  server.listen(0, '127.0.0.1', () => {
    http.get({ port: server.address().port, host: '127.0.0.1' }, (response) => {
      response.resume().on('end', () => { server.close(); server.closeAllConnections(); });
    });
  });`;

const ORDERS = {
  'the server module first, ESM': APP(
    "const { observe, log } = await import('fourlights'); observe();",
    "import http from 'node:http';",
  ),
  'the package first, ESM': APP(
    "import http from 'node:http';",
    "import { observe, log } from 'fourlights'; observe();",
  ),
} as const;

test.each(Object.entries(ORDERS))('requests enter whatever the import order: %s', async (_name, code) => {
  const { stdout } = await run(code);
  const [handled, record] = jsonLines(stdout);
  expect(handled).toMatchObject({ event: 'handled' });
  expect(record).toMatchObject({ event: 'http_request', correlation_id: handled?.['correlation_id'] });
});

test('requests enter whatever the import order: CommonJS, a server that already exists', async () => {
  const code = `
    const http = require('node:http');
    const server = http.createServer((request, response) => { log.info('handled'); response.end(); });
    const { observe, log } = require('fourlights');
    observe();
    server.listen(0, '127.0.0.1', () => http.get({ port: server.address().port, host: '127.0.0.1' }, (response) => {
      response.resume().on('end', () => { server.close(); server.closeAllConnections(); });
    }));`;
  const lines = jsonLines((await run(code, { type: 'commonjs' })).stdout);
  expect(lines).toMatchObject([
    { event: 'handled' },
    { event: 'http_request', correlation_id: lines[0]?.['correlation_id'] },
  ]);
});

test.each(['esm', 'cjs'] as const)('requests enter in a bundle (%s)', async (format) => {
  const bundle = await build({
    stdin: {
      contents: APP('observe();', "import http from 'node:http'; import { observe, log } from 'fourlights';"),
      resolveDir: root,
    },
    bundle: true,
    write: false,
    logLevel: 'silent',
    platform: 'node',
    format,
    ...(format === 'esm' && {
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(process.cwd() + '/x.js');",
      },
    }),
  });
  const folder = mkdtempSync(join(tmpdir(), 'fourlights-bundle-'));
  const file = join(folder, format === 'esm' ? 'app.mjs' : 'app.cjs');
  writeFileSync(file, bundle.outputFiles[0]?.text ?? '');
  const { stdout, stderr } = await run(`await import(${JSON.stringify(file)});`);
  rmSync(folder, { recursive: true });
  expect(stderr).toBe('');
  expect(jsonLines(stdout)).toMatchObject([{ event: 'handled' }, { event: 'http_request' }]);
});

test.each([
  ['--import', 'module'],
  ['--require', 'commonjs'],
] as const)('%s fourlights/register needs no code', async (flag, type) => {
  const code =
    type === 'module'
      ? APP('const log = { info: () => {} };', "import http from 'node:http';")
      : APP('const log = { info: () => {} };', "const http = require('node:http');");
  const { stdout, stderr } = await run(code, {
    type,
    nodeOptions: [flag, 'fourlights/register'],
    env: {
      OTEL_SERVICE_NAME: 'untouched',
      OTEL_RESOURCE_ATTRIBUTES: 'service.version=7.1,deployment.environment.name=night',
    },
  });
  expect(stderr).toBe('');
  expect(jsonLines(stdout)).toMatchObject([
    { event: 'http_request', service: 'untouched', version: '7.1', environment: 'night', status: 200 },
  ]);
});
