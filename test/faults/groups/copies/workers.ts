import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { jsonLines, run } from '../../../package/program.js';
import type { Fault } from '../../fault.js';

const worker = (path: string): string => `
  const { parentPort, workerData } = require('node:worker_threads');
  const { observe, log, span } = require('fourlights');
  observe({ service: 'worker', traces: {}, log: { destination: ${JSON.stringify(path)} } });
  for (let i = 0; i < 100; i++) span('job', () => log.info({ i }, 'line'));
  parentPort.postMessage('logged');
  if (workerData === 'exits') process.exit(5);
  if (workerData === 'is terminated') setInterval(() => {}, 1000);`;

export const workers: Fault = {
  name: 'worker_threads that observe as well, and end in the midst of their work',
  promise: 'each reports to its process; none ends it; all lines arrive',
  goals: [1],
  async run(scene) {
    const path = join(scene.folder(), 'workers.log'); // a pipe's reader on a busy machine may be slower than patience is long
    const { stdout, code, stderr } = await run(`
      import { Worker } from 'node:worker_threads';
      import { observe } from 'fourlights';
      observe({ service: 'main' });
      const codes = await Promise.all(['ends', 'exits', 'is terminated'].map((workerData) => new Promise((resolve) => {
        const worker = new Worker(${JSON.stringify(worker(path))}, { eval: true, workerData, execArgv: [] });
        worker.on('exit', resolve);
        if (workerData === 'is terminated') worker.on('message', () => worker.terminate());
      })));
      console.log(JSON.stringify({ codes }));`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(jsonLines(stdout).find((line) => 'codes' in line)).toEqual({ codes: [0, 5, 1] });
    expect(jsonLines(readFileSync(path, 'utf8')).filter(({ event }) => event === 'line')).toHaveLength(300);
    return { text: '3 workers (natural end, exit, terminated): 300 of 300 lines, codes unchanged' };
  },
};
