import { expect } from 'vitest';
import type { Fault } from '../../fault.js';
import { costOf } from '../../trials/load.js';

export const smallHeap: Fault = {
  name: 'a heap of 64 MB, under load, with everything on and the collector gone',
  promise: 'it does not run out of memory',
  goals: [1, 12],
  async run(scene) {
    const host = await scene.host({
      node: ['--max-old-space-size=64'],
      options: () => ({ traces: { endpoint: 'http://127.0.0.1:1' }, admin: { port: 0 }, metrics: { otlp: false } }),
    });
    const { seconds, rate } = scene.long ? { seconds: 120, rate: 500 } : { seconds: 5, rate: 300 };
    const { requests, failed } = await costOf(host, '/work', { seconds, rate });
    expect(failed).toBe(0);
    const heapMb = await host.run(() => process.memoryUsage().heapUsed / 2 ** 20);
    return { text: `${requests} requests, no failure; heap ${Math.round(heapMb)} MiB at the end` };
  },
};
