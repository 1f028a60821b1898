import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { jsonLines, root, run } from '../../../package/program.js';
import type { Fault } from '../../fault.js';

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

export const clusters: Fault = {
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
