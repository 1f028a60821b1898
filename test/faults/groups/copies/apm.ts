import { expect } from 'vitest';
import { jsonLines, run } from '../../../package/program.js';
import type { Fault } from '../../fault.js';

export const apm: Fault = {
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
