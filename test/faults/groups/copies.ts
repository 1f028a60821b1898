import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { jsonLines, root, run } from '../../package/program.js';
import { until } from '../../support/until.js';
import type { Fault, Group } from '../fault.js';

const twice: Fault = {
  name: 'the middleware is mounted twice, and observe() is called twice',
  promise: 'one record per request, one notice',
  goals: [1, 14],
  async run(scene) {
    const host = await scene.host();
    await host.run(async ({ require, lib, kept }) => {
      const express = require('express');
      const { goldenSignals } = require('fourlights/express');
      const app = express().use(goldenSignals()).use(goldenSignals()).use('/', express.Router().use(goldenSignals()));
      app.get('/twice', (_request: unknown, response: { send(text: string): void }) => response.send('once'));
      kept['server'] = app.listen(0, '127.0.0.1');
      for (let i = 0; i < 5; i++) lib.observe({ service: 'another' });
      await new Promise((resolve) => (kept['server'] as import('node:http').Server).once('listening', resolve));
    });
    const port = await host.run(
      ({ kept }) => ((kept['server'] as import('node:http').Server).address() as { port: number }).port,
    );
    for (let i = 0; i < 10; i++) await host.get('/twice', { port, agent: false });
    await until(() => host.records().length >= 10);
    expect(host.records()).toHaveLength(10);
    expect(host.notices('observe twice')).toHaveLength(1);
    await host.run(({ kept }) => void (kept['server'] as import('node:http').Server).close());
    return { text: '10 requests, 10 records, 1 notice', measured: { recordsOff: 0 } };
  },
};

/** A second copy of the built package, of another version, under a name of its own. */
function secondCopy(folder: string): string {
  const copy = join(folder, 'node_modules', 'fourlights-other');
  mkdirSync(copy, { recursive: true });
  cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true });
  const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(join(copy, 'package.json'), JSON.stringify({ ...about, name: 'fourlights-other', version: '9.9.9' }));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

const versions: Fault = {
  name: 'two copies of two versions, each as ESM and as CommonJS, in one process',
  promise: 'one instance, one context, one record per request',
  goals: [1, 14],
  async run(scene) {
    const copy = secondCopy(scene.folder());
    const { stdout, stderr, code } = await run(`
      import { createRequire } from 'node:module';
      import http from 'node:http';
      const require = createRequire(process.cwd() + '/x.js');
      const all = [await import('fourlights'), require('fourlights'), await import(${JSON.stringify(`${copy}/dist/index.js`)}), require(${JSON.stringify(`${copy}/dist/index.cjs`)})];
      const [first, ...others] = all.map((each) => each.observe({ service: 'copies' }));
      const server = http.createServer((request, response) => response.end(JSON.stringify(all.map((each) => each.correlationId()))));
      server.listen(0, '127.0.0.1', async () => {
        const ids = new Set();
        for (let i = 0; i < 20; i++) ids.add(String(new Set(await (await fetch('http://127.0.0.1:' + server.address().port)).json()).size));
        server.close();
        server.closeAllConnections();
        console.log(JSON.stringify({ same: others.every((other) => other === first), ids: [...ids], totals: all.map((each) => each.signals.snapshot().traffic.total) }));
      });`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = jsonLines(stdout);
    expect(lines.find((line) => 'same' in line)).toEqual({ same: true, ids: ['1'], totals: [20, 20, 20, 20] });
    expect(lines.filter((line) => line['event'] === 'http_request')).toHaveLength(20);
    return { text: '4 copies, 20 requests, 20 records, one ID in each', measured: { recordsOff: 0 } };
  },
};

const workers: Fault = {
  name: 'worker_threads that observe as well, and end in the midst of their work',
  promise: 'each counts for itself; none ends the process; all lines arrive',
  goals: [1],
  async run() {
    const worker = `
      const { observe, log, span } = require('fourlights');
      observe({ service: 'worker', traces: {} });
      for (let i = 0; i < 100; i++) span('job', () => log.info({ i }, 'line'));
      if (require('node:worker_threads').workerData === 2) process.exit(5);
      require('node:worker_threads').parentPort.postMessage('logged');
      if (require('node:worker_threads').workerData === 3) setInterval(() => {}, 1000);`;
    const { stdout, code, stderr } = await run(`
      import { Worker } from 'node:worker_threads';
      import { observe } from 'fourlights';
      observe({ service: 'main' });
      const codes = await Promise.all([1, 2, 3].map((workerData) => new Promise((resolve) => {
        const worker = new Worker(${JSON.stringify(worker)}, { eval: true, workerData, execArgv: [] });
        worker.on('exit', resolve);
        if (workerData === 3) worker.on('message', () => worker.terminate());
      })));
      console.log(JSON.stringify({ codes }));`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = jsonLines(stdout);
    expect(lines.find((line) => 'codes' in line)).toEqual({ codes: [0, 5, 1] });
    expect(lines.filter(({ event }) => event === 'line')).toHaveLength(300);
    return { text: '3 workers (natural end, exit, terminated): 300 of 300 lines, codes unchanged' };
  },
};

const CLUSTERED = `
      const cluster = require('node:cluster');
      const http = require('node:http');
      const { observe } = require('${root}/dist/index.cjs');
      observe({ service: 'clustered', log: { accessLog: false }, admin: cluster.isPrimary ? { port: 0 } : undefined });
      const get = (port) => new Promise((resolve) => http.get({ host: '127.0.0.1', port, agent: false }, (response) => response.resume().on('end', () => resolve(response.statusCode))).on('error', () => resolve(0)));
      if (cluster.isPrimary) {
        cluster.setupPrimary({ exec: __filename });
        let up = 0;
        for (let i = 0; i < 2; i++) cluster.fork();
        cluster.on('listening', async (worker, { port }) => {
          if (++up < 2) return;
          worker.process.kill('SIGKILL');
          await new Promise((resolve) => cluster.once('exit', resolve));
          const statuses = [];
          for (let i = 0; i < 20; i++) statuses.push(await get(port));
          for (const other of Object.values(cluster.workers)) other.disconnect();
          await new Promise((resolve) => cluster.once('exit', resolve));
          console.log(JSON.stringify({ served: statuses.filter((status) => status === 200).length }));
        });
      } else http.createServer((request, response) => response.end('ok')).listen(0, '127.0.0.1');`;

const clusters: Fault = {
  name: 'a cluster whose worker is killed',
  promise: 'the others serve on, and the primary ends as it would',
  goals: [1],
  async run(scene) {
    const file = join(scene.folder(), 'clustered.cjs');
    writeFileSync(file, CLUSTERED);
    const { stdout, code, stderr } = await run(`require(${JSON.stringify(file)})`, { type: 'commonjs' });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(jsonLines(stdout).find((line) => 'served' in line)).toEqual({ served: 20 });
    return { text: '20 of 20 requests served after the kill; code 0' };
  },
};

const apm: Fault = {
  name: 'another monitor that patches emit, before or after, and takes its patch away again',
  promise: 'one record per request whichever came first, and the other sees each request once',
  goals: [1, 14],
  async run() {
    const counts: number[] = [];
    for (const order of ['before', 'after']) {
      const { stdout, stderr, code } = await run(`
        import http from 'node:http';
        let seen = 0;
        const patch = () => {
          const { emit } = http.Server.prototype;
          http.Server.prototype.emit = function (name, ...args) { if (name === 'request') seen++; return emit.call(this, name, ...args); };
          return () => { http.Server.prototype.emit = emit; };
        };
        let unpatch = ${order === 'before' ? 'patch()' : '() => {}'};
        const { observe, shutdown, correlationId } = await import('fourlights');
        observe({ service: 'both' });
        ${order === 'after' ? 'unpatch = patch();' : ''}
        const server = http.createServer((request, response) => response.end(String(correlationId() !== undefined)));
        server.listen(0, '127.0.0.1', async () => {
          const get = async () => (await fetch('http://127.0.0.1:' + server.address().port)).text();
          const answers = [];
          for (let i = 0; i < 10; i++) answers.push(await get());
          ${order === 'after' ? 'unpatch();' : ''}
          for (let i = 0; i < 5; i++) answers.push(await get());
          console.log(JSON.stringify({ seen, known: answers.filter((answer) => answer === 'true').length }));
          server.close();
          server.closeAllConnections();
        });`);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const lines = jsonLines(stdout);
      expect(lines.find((line) => 'seen' in line)).toEqual({ seen: order === 'after' ? 10 : 15, known: 15 });
      counts.push(lines.filter(({ event }) => event === 'http_request').length);
    }
    expect(counts).toEqual([15, 15]);
    return { text: '15 requests, 15 records in both orders', measured: { recordsOff: 0 } };
  },
};

/** Versions with published advisories that a service must not get by us. */
const DENIED: Readonly<Record<string, (version: readonly number[]) => boolean>> = {
  protobufjs: ([major = 0, minor = 0, patch = 0]) =>
    major < 7 ||
    (major === 7 && (minor < 5 || (minor === 5 && patch < 6))) ||
    (major === 8 && minor === 0 && patch < 2),
  '@opentelemetry/core': ([major = 0, minor = 0]) => major < 2 || (major === 2 && minor < 8),
  '@opentelemetry/propagator-jaeger': ([major = 0, minor = 0]) => major < 2 || (major === 2 && minor < 9),
  '@opentelemetry/exporter-prometheus': ([major = 0, minor = 0]) => major === 0 && minor < 217,
  pino: ([major = 0, minor = 0]) => major < 9 || (major === 9 && minor < 12),
};
const INSTALL_SCRIPTS_KNOWN = ['protobufjs'];

const supply: Fault = {
  name: 'what an install brings, and what a service loads of it',
  promise:
    'no denied version, few packages loaded, install scripts known by name, engines at the floors of the advisories',
  goals: [1, 17],
  async run() {
    const listed: string = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable', '--long'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const packages = listed.split('\n').flatMap((line) => {
      const [path = '', id = ''] = line.split(':');
      const at = id.lastIndexOf('@');
      return path.includes('node_modules')
        ? [
            {
              path,
              name: id.slice(0, at),
              version: id
                .slice(at + 1)
                .split('.')
                .map(Number),
            },
          ]
        : [];
    });
    const denied = packages.filter(({ name, version }) => DENIED[name]?.(version) === true);
    const scripts = packages.filter(({ path }) => {
      const { scripts = {} } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
      return ['preinstall', 'install', 'postinstall'].some((name) => name in scripts);
    });
    const unknown = scripts.filter(({ name }) => !INSTALL_SCRIPTS_KNOWN.includes(name));
    const { stdout } = await run(
      `const { observe } = require('fourlights'); observe({ service: 'loaded', log: { level: 'silent' } });
       const names = Object.keys(require.cache).flatMap((path) => path.match(/node_modules\\/((?:@[^/]+\\/)?[^/]+)(?!.*node_modules)/)?.[1] ?? []);
       const exported = require.cache;
       console.log(JSON.stringify({ loaded: [...new Set(names)] }));`,
      { type: 'commonjs' },
    );
    const loaded = (jsonLines(stdout)[0]?.['loaded'] ?? []) as string[];
    const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect({ denied, unknown }).toEqual({ denied: [], unknown: [] });
    expect(loaded.length).toBeLessThanOrEqual(40);
    expect(loaded).not.toContain('protobufjs');
    return {
      text: `${packages.length} packages installed, ${loaded.length} loaded by default; install scripts: ${scripts.map(({ name }) => name).join(', ') || 'none'}; engines ${engines.node}`,
      measured: { deniedLoaded: denied.length, packagesLoaded: loaded.length, installScripts: unknown.length },
    };
  },
};

export const copies: Group = { name: 'copies', faults: [twice, versions, workers, clusters, apm, supply] };
