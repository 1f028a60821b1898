import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { jsonLines, root, run } from '../../../package/program.js';
import type { Fault } from '../../fault.js';

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

export const versions: Fault = {
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
