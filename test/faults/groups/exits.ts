import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type BehaviourName, Collector } from '../../traces/export/collector.js';
import type { Fault, Group } from '../fault.js';
import type { Scene } from '../scene.js';
import type { Ending, Host } from '../service/host.js';
import type { Tools } from '../service/tools.js';
import { linesOf } from '../trials/log-trial.js';

const LINES = 2000;
const SPANS = 100;

interface End {
  readonly work: (tools: Tools) => unknown;
  readonly ending: Ending;
  /** `process.exit` and a crash leave no time to send. */
  readonly sends: boolean;
}

const killed = (signal: NodeJS.Signals): Ending => ({ code: null, signal });
const left = (code: number): Ending => ({ code, signal: null });

const ends: Readonly<Record<string, End>> = {
  SIGTERM: { work: () => process.kill(process.pid, 'SIGTERM'), ending: killed('SIGTERM'), sends: true },
  SIGINT: { work: () => process.kill(process.pid, 'SIGINT'), ending: killed('SIGINT'), sends: true },
  SIGHUP: { work: () => process.kill(process.pid, 'SIGHUP'), ending: killed('SIGHUP'), sends: true },
  'SIGTERM, with a handler of the application that exits later': {
    work: () => {
      process.on('SIGTERM', () => setTimeout(() => process.exit(7), 300));
      process.kill(process.pid, 'SIGTERM');
    },
    ending: left(7),
    sends: true,
  },
  'SIGTERM, with a handler that calls shutdown()': {
    work: ({ lib }) => {
      process.once('SIGTERM', () => void lib.shutdown().then(() => process.exit(0)));
      process.kill(process.pid, 'SIGTERM');
    },
    ending: left(0),
    sends: true,
  },
  'the natural end': {
    work: ({ server }) => {
      server.close();
      server.closeAllConnections();
      process.channel?.unref();
    },
    ending: left(0),
    sends: true,
  },
  'an exit code that the application has set, then the natural end': {
    work: ({ server }) => {
      process.exitCode = 4;
      server.close();
      server.closeAllConnections();
      process.channel?.unref();
    },
    ending: left(4),
    sends: true,
  },
  'process.exit(3)': { work: () => process.exit(3), ending: left(3), sends: false },
  'an uncaught error': {
    work: () =>
      void setImmediate(() => {
        throw new Error('of the application');
      }),
    ending: left(1),
    sends: false,
  },
  'an unhandled rejection': {
    work: () => void Promise.reject(new Error('of the application')),
    ending: left(1),
    sends: false,
  },
  'shutdown(), twice at once, and once more': {
    work: async ({ lib }) => {
      const [one, two] = await Promise.all([lib.shutdown(), lib.shutdown()]);
      const three = await lib.shutdown();
      process.exit(JSON.stringify(one) === JSON.stringify(two) && three.spans.ended === 0 ? 0 : 9);
    },
    ending: left(0),
    sends: true,
  },
};

/** With spans and lines of the last moment, and `end` right after them. */
async function loaded(scene: Scene, collector: Collector): Promise<{ host: Host; log: () => string }> {
  const path = join(scene.folder(), 'service.log'); // no reader that a busy machine makes slower than patience is long
  const host = await scene.host({
    argument: { endpoint: collector.url, destination: path },
    options: ({ argument: { endpoint, destination } }) => ({
      traces: { endpoint },
      log: { accessLog: false, destination },
    }),
  });
  host.mayEnd = true;
  return { host, log: () => readFileSync(path, 'utf8') };
}

async function end(host: Host, work: End['work']): Promise<{ ending: Ending; ms: number }> {
  const began = performance.now();
  const running = host.run(
    ({ lib, argument: { lines, spans, pad } }) => {
      for (let i = 0; i < spans; i++) lib.span(`job ${i}`, () => {});
      for (let i = 0; i < lines; i++) lib.log.info({ i, pad }, 'line');
    },
    { lines: LINES, spans: SPANS, pad: 'x'.repeat(150) },
  );
  host.run(work).catch(() => {});
  await running.catch(() => {});
  return { ending: await host.ended, ms: performance.now() - began };
}

const healthy = Object.entries(ends).map(
  ([name, { work, ending, sends }]): Fault => ({
    name,
    promise: `${sends ? 'every span and every line arrives' : 'every line arrives'}; the exit status is what it would be without the library`,
    goals: [1, 5],
    async run(scene) {
      const collector = scene.later(await new Collector().listen(), (each) => each.close());
      const { host, log } = await loaded(scene, collector);
      const { ending: came, ms } = await end(host, work);
      expect(came).toEqual(ending);
      expect(linesOf(log())).toBe(LINES);
      const arrived = collector.spanIds.length;
      if (sends) expect(arrived).toBe(SPANS);
      else expect(host.stderr + log()).toMatch(/spans are being lost \(100 so far\)/);
      return {
        text: `${LINES} of ${LINES} lines, ${arrived} of ${SPANS} spans${sends ? '' : ', the others told as lost'}; ${came.signal ?? `code ${came.code}`}; ${Math.round(ms)} ms`,
        measured: { linesLostShare: 0, ...(sends ? { spansLostAtEnd: SPANS - arrived } : {}) },
      };
    },
  }),
);

/** Where the library is stopped while spans are on their way to a collector that is no help. */
const hindered = (['refused', 'hang', 'slow 3 s', '429 with Retry-After', 'reset mid-body'] as const).map(
  (behaviour: BehaviourName | 'refused'): Fault => ({
    name: `SIGTERM, then the natural end, with a collector in this state: ${behaviour}`,
    promise: 'gone within 2 s, by the same status, and what was not delivered is told',
    goals: [1, 5],
    async run(scene) {
      const times: number[] = [];
      for (const name of ['SIGTERM', 'the natural end'] as const) {
        const collector = await new Collector().listen();
        if (behaviour === 'refused') await collector.close();
        else scene.later(collector, (each) => each.close()).behaviour = behaviour;
        const { host, log } = await loaded(scene, collector);
        const { work, ending } = ends[name] as End;
        const { ending: came, ms } = await end(host, work);
        expect(came).toEqual(ending);
        expect(linesOf(log())).toBe(LINES);
        expect(host.stderr + log()).toMatch(/spans (cannot be delivered|are being lost)/);
        times.push(ms);
      }
      const [signalled = 0, natural = 0] = times;
      return {
        text: `gone ${Math.round(signalled)} ms after SIGTERM, ${Math.round(natural)} ms after the last work`,
        measured: { endMs: Math.max(...times), linesLostShare: 0 },
      };
    },
  }),
);

export const exits: Group = { name: 'exits', faults: [...healthy, ...hindered] };
