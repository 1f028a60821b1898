import { expect } from 'vitest';
import type { Fault } from '../../fault.js';
import { exchanged, head } from '../../trials/raw.js';

export const cardinality: Fault = {
  name: 'URLs, methods, hosts and user agents without end',
  promise: 'series and heap do not grow with what clients send',
  goals: [1, 6],
  async run(scene) {
    const [total, batch] = [scene.long ? 1_000_000 : 20_000, 100];
    const host = await scene.host({
      node: ['--expose-gc'],
      options: () => ({ admin: { port: 0 }, log: { accessLog: false } }),
    });
    const heapMb = (): Promise<number> =>
      host.run(async ({ pause }) => {
        for (let i = 0; i < 4; i++) {
          globalThis.gc?.();
          await pause(50);
        }
        return process.memoryUsage().heapUsed / 2 ** 20;
      });
    let next = 0;
    const flood = async (until: number): Promise<void> => {
      const client = async (): Promise<void> => {
        while (next < until) {
          const from = next;
          next += batch;
          const lines = Array.from({ length: batch }, (_, i) =>
            head(`GET /${from + i}/x?${i} HTTP/1.1`, `User-Agent: ua-${from + i}`, `x-request-id: r-${from + i}`),
          );
          await exchanged(host.port, lines.join(''), batch, 60_000);
        }
      };
      await Promise.all(Array.from({ length: 8 }, client));
    };
    await flood(5000);
    const before = await heapMb();
    await flood(5000 + total);
    const grown = (await heapMb()) - before;
    const scrape = await host.run(async ({ observability }) => {
      const port = await observability.admin.port;
      const times: number[] = [];
      let bytes = 0;
      for (let i = 0; i < 5; i++) {
        const began = performance.now();
        bytes = (await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).length;
        times.push(performance.now() - began);
      }
      return { bytes, ms: Math.min(...times) };
    });
    expect(grown).toBeLessThan(5);
    expect(scrape.bytes).toBeLessThan(2 ** 20);
    return {
      text: `${total} distinct URLs, IDs and agents: heap +${grown.toFixed(1)} MiB, /metrics ${Math.round(scrape.bytes / 1024)} KiB in ${scrape.ms.toFixed(0)} ms`,
      measured: { labelValues: total, labelHeapMb: grown, scrapeKb: scrape.bytes / 1024, scrapeMs: scrape.ms },
    };
  },
};
