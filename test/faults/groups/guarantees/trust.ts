import { expect } from 'vitest';
import type { Fault } from '../../fault.js';
import { exchanged, head } from '../../trials/raw.js';

export const trust: Fault = {
  name: 'a client that asks for every request to be recorded, all in a trace of its choice',
  promise: 'sampled at the configured rate all the same',
  goals: [1, 9],
  async run(scene) {
    const [count, ratio, trace] = [scene.long ? 50_000 : 3000, 0.05, '0af7651916cd43dd8448eb211c80319c'];
    const host = await scene.host({
      options: () => ({
        traces: { ratio: 0.05, keep: false, exporter: { export: (_spans, done) => done({ code: 0 }) } },
        log: { accessLog: false },
      }),
    });
    const batch = 50;
    const ended = (): Promise<number> => host.run(({ observability }) => observability.traces.ledger().ended);
    for (let sent = 0; sent < count; sent += batch) {
      const requests = Array.from({ length: batch }, () =>
        head('GET /ok HTTP/1.1', `traceparent: 00-${trace}-b7ad6b7169203331-01`),
      );
      await exchanged(host.port, requests.join(''), batch);
    }
    const inOneTrace = await ended();
    for (let sent = 0; sent < count; sent += batch) {
      const requests = Array.from({ length: batch }, () => {
        const id = Array.from({ length: 4 }, () =>
          Math.floor(Math.random() * 2 ** 32)
            .toString(16)
            .padStart(8, '0'),
        ).join('');
        return head('GET /ok HTTP/1.1', `traceparent: 00-${id}-b7ad6b7169203331-01`);
      });
      await exchanged(host.port, requests.join(''), batch);
    }
    const share = ((await ended()) - inOneTrace) / count;
    const off = 100 * Math.abs(share - ratio);
    expect(inOneTrace).toBe(0); // this trace ID is beyond the ratio, whatever the client says
    expect(off).toBeLessThan(2);
    return {
      text: `of ${count} requests in one trace of the client's ${inOneTrace} recorded; of ${count} in traces of their own ${(100 * share).toFixed(2)} %, at a ratio of 5 %`,
      measured: { spansUnderForeignTrace: inOneTrace, rateOffShare: off },
    };
  },
};
