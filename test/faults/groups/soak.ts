import { expect } from 'vitest';
import type { Fault, Group } from '../fault.js';
import { soak } from '../soak/soak.js';

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);
const grouped = (count: number): string => Math.round(count).toLocaleString('en-GB');

/** Per 1000 requests, KiB. A leak of one small object per request is a multiple of it; the short form has little to measure by. */
const LEAK_KB = { short: 100, long: 4 };

function soaking(name: string, promise: string, sizes: { short: number; long: number; heapLimit?: number }): Fault {
  return {
    name,
    promise,
    goals: [1, 12],
    async run(scene) {
      const { heapLimit } = sizes;
      const requests = Number(process.env['SOAK_REQUESTS'] ?? (scene.long ? sizes.long : sizes.short));
      const done = await soak(scene, { requests, ...(heapLimit !== undefined && { heapLimit }) });
      const { sent, samples, slopeKb, accounts, lines, spansReceived, seconds } = done;
      const [first, last] = [samples[0], samples.at(-1)];
      if (first === undefined || last === undefined) throw new Error('no sample');
      const { spans, logs, failures } = accounts.report;

      expect({ requests: sent.requests, exitCode: done.exitCode, failures }).toEqual({
        requests,
        exitCode: 0,
        failures: [],
      });
      expect({ requests: lines['http_request'], handled: lines['handled'] }).toEqual({
        requests,
        handled: sent.logging,
      });
      expect(logs).toEqual({ written: sum(lines), dropped: 0 });
      expect(spans.ended).toBe(2 * requests);
      expect(spans.delivered).toBe(spansReceived);
      expect(spans.delivered + sum(spans.dropped)).toBe(spans.ended);
      const grown = Math.max(last.handles - first.handles, last.listeners - first.listeners);
      expect(grown).toBeLessThanOrEqual(0);
      expect(slopeKb).toBeLessThan(scene.long ? LEAK_KB.long : LEAK_KB.short);

      const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
      const heap = `heap ${mib(first.heapBytes)} to ${mib(last.heapBytes)} MiB over ${samples.length} collections`;
      return {
        text:
          `${grouped(requests)} requests at ${grouped(requests / seconds)}/s: ${heap}, ${slopeKb.toFixed(2)} KiB per 1000; ` +
          `${grouped(sum(lines))} lines and ${grouped(spans.ended)} spans accounted for, ${grouped(spans.delivered)} delivered`,
        measured: {
          soakRequests: requests,
          slopeKb,
          handlesGrown: Math.max(0, grown),
          spansUnaccounted: 0,
          linesUnaccounted: 0,
        },
      };
    },
  };
}

/** SOAK_REQUESTS sets another number of requests. */
export const soaks: Group = {
  name: 'soak',
  faults: [
    soaking('everything on', 'the heap stays as it is; every line and every span is accounted for', {
      ...{ short: 30_000, long: 3_000_000 },
    }),
    soaking('everything on, in a heap of 64 MiB', 'the same, and it does not run out', {
      ...{ short: 30_000, long: 3_000_000, heapLimit: 64 },
    }),
  ],
};
