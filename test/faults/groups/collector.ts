import { expect } from 'vitest';
import { Collector } from '../../traces/export/collector.js';
import type { Fault, Group } from '../fault.js';
import type { Scene } from '../scene.js';
import { suffered, type Trial } from '../trials/collector-trial.js';

const PROMISE = 'told once and once more at its end, every span accounted for, shutdown in time';

const trials = {
  refused: { behaviour: 'refused' },
  'never answers': { behaviour: 'hang' },
  'answers after 3 s': { behaviour: 'slow 3 s', arrives: true },
  '429 with Retry-After': { behaviour: '429 with Retry-After' },
  'HTTP 500': { behaviour: 'HTTP 500' },
  'HTTP 503': { behaviour: 'HTTP 503' },
  'resets the connection': { behaviour: 'reset mid-body' },
  'takes a part of each batch': { behaviour: 'partial success' },
  'answers garbage': { behaviour: 'garbage', arrives: true },
  'answers 300 MB': { behaviour: 'huge body', arrives: true },
} as const satisfies Readonly<Record<string, Omit<Trial, 'exporter'>>>;

const overZipkin = ['refused', 'never answers', '429 with Retry-After', 'HTTP 500', 'resets the connection'] as const;

const otlp = Object.entries(trials).map(
  ([name, trial]): Fault => ({
    name: `OTLP: ${name}`,
    promise: PROMISE,
    goals: [1, 3, 4, 5],
    run: (scene) => suffered(scene, { exporter: 'otlp', ...trial }),
  }),
);

const zipkin = overZipkin.map(
  (name): Fault => ({
    name: `Zipkin: ${name}`,
    promise: PROMISE,
    goals: [1, 3, 4, 5],
    run: (scene) => suffered(scene, { exporter: 'zipkin', ...trials[name] }),
  }),
);

/** No collector heals these: whoever runs the service must. */
const unreachable = {
  'its name is not known': { endpoint: async () => 'http://collector.invalid:4318', why: /ENOTFOUND|EAI_AGAIN/ },
  'a certificate nobody trusts': {
    endpoint: async (scene: Scene) =>
      scene.later(await new Collector({ secure: true }).listen(), (each) => each.close()).url,
    why: /self[- ]signed/i,
  },
};

const out = Object.entries(unreachable).map(
  ([name, { endpoint, why }]): Fault => ({
    name: `OTLP: ${name}`,
    promise: 'told once with the address and the reason, every span accounted for, shutdown in time',
    goals: [1, 4, 5],
    async run(scene) {
      const address = await endpoint(scene);
      const host = await scene.host({
        argument: { endpoint: address },
        options: ({ argument }) => ({ traces: argument, log: { accessLog: false } }),
      });
      const began = performance.now();
      await host.requests(200, '/work');
      const { message } = await host.notice('traces.export.otlp.failing');
      const toldMs = performance.now() - began;
      expect(message).toMatch(why);
      expect(message).toContain(address);
      const { durationMs, failures, spans } = await host.shutdown();
      const lost = Object.values(spans.dropped).reduce((sum, count) => sum + count, 0);
      expect({ failures, delivered: spans.delivered, lost }).toEqual({ failures: [], delivered: 0, lost: spans.ended });
      return {
        text: `told after ${(toldMs / 1000).toFixed(1)} s; ${lost} spans dropped and counted; shutdown ${Math.round(durationMs)} ms`,
        measured: { toldMs, warnings: 1, shutdownMs: durationMs, shutdownFailures: 0, spansUnaccounted: 0 },
      };
    },
  }),
);

export const collector: Group = { name: 'collector', faults: [...otlp, ...zipkin, ...out] };
