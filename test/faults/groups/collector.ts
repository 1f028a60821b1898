import { expect } from 'vitest';
import { Collector } from '../../traces/export/collector.js';
import type { Group } from '../fault.js';

export const collector: Group = {
  name: 'collector',
  faults: [
    {
      name: 'refused',
      promise: 'told once, every span accounted for, shutdown within its time',
      goals: [1, 3, 4, 5],
      async run(scene) {
        const absent = await new Collector().listen();
        await absent.close();
        const host = await scene.host({
          argument: absent.url,
          options: ({ argument }) => ({ traces: { endpoint: argument } }),
        });
        await host.requests(200, '/work');
        await host.notice('traces.export.otlp.failing');
        const { durationMs, spans, failures } = await host.shutdown();
        const lost = Object.values(spans.dropped).reduce((sum, count) => sum + count, 0);
        expect(failures).toEqual([]);
        expect(spans.ended - spans.delivered - lost).toBe(0);
        return {
          text: `${spans.ended} spans ended, ${lost} dropped, shutdown ${Math.round(durationMs)} ms`,
          measured: { spansUnaccounted: 0, shutdownMs: durationMs },
        };
      },
    },
  ],
};
