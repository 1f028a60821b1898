import { expect } from 'vitest';
import { jsonLines, run } from '../../../package/program.js';
import type { Fault } from '../../fault.js';

export const workers: Fault = {
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
