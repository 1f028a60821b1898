import { expect } from 'vitest';
import { until } from '../../support/until.js';
import type { Fault, Group } from '../fault.js';
import type { Plan } from '../service/host.js';
import type { Tools } from '../service/tools.js';

/** `throws` at once, or is async and `rejects`. */
const HOW = ['throws', 'rejects'] as const;
type How = (typeof HOW)[number];

/** `bad` stands for whatever type a callback has: it never gives anything back. */
type Bad = () => never;

interface Callback {
  readonly options?: Plan<How>['options'];
  /** What makes the library call it. */
  readonly provoke?: (tools: Tools) => unknown;
  /** What the service hears of it, by the code of the notice. */
  readonly told: RegExp;
  /** Each request leaves its record all the same. */
  readonly records?: false;
}

/** In each service `kept.bad` is the callback. */
const before: Plan<How>['before'] = ({ kept, argument: how }) => {
  kept['bad'] = () => {
    const error = new Error('a callback of the application failed');
    if (how === 'throws') throw error;
    return Promise.reject(error);
  };
};

const given: Readonly<Record<string, Callback>> = {
  'http.ignore': { options: ({ kept }) => ({ http: { ignore: kept['bad'] as Bad } }), told: /http\.ignore/ },
  'http.route': {
    options: ({ kept }) => ({ http: { route: kept['bad'] as Bad } }),
    provoke: async ({ server }) => {
      const { createServer } = process.getBuiltinModule('node:http');
      const plain = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
      await new Promise((resolve) => plain.once('listening', resolve));
      const { port } = plain.address() as { port: number };
      await (await fetch(`http://127.0.0.1:${port}/`)).text();
      plain.close();
      return server.listening;
    },
    told: /http\.route/,
    records: false,
  },
  'http.trust': {
    options: ({ kept }) => ({ traces: {}, http: { trust: kept['bad'] as Bad } }),
    told: /http\.trust/,
  },
  'http.targetingKey': {
    options: ({ kept }) => ({ http: { targetingKey: kept['bad'] as Bad } }),
    told: /http\.targetingKey/,
  },
  'http.propagateTo': {
    options: ({ kept }) => ({ http: { propagateTo: kept['bad'] as Bad } }),
    provoke: ({ server, lib }) => {
      const { port } = server.address() as { port: number };
      return lib.context.run({ correlationId: 'a-job' }, async () => {
        await (await fetch(`http://127.0.0.1:${port}/ok`)).text();
      });
    },
    told: /http\.propagateTo/,
    records: false,
  },
  'flags.context': {
    options: ({ kept }) => ({ flags: { context: kept['bad'] as Bad } }),
    told: /flags\.context/,
  },
  'a source of flags': {
    options: ({ kept }) => ({
      flags: { source: { name: 'own', start: kept['bad'] as Bad, stop: kept['bad'] as Bad } },
    }),
    told: /flags own/,
  },
  'a source that evaluates': {
    options: ({ kept }) => {
      const bad = kept['bad'] as Bad;
      return {
        flags: {
          source: { name: 'vendor', start: () => {}, stop: bad, evaluate: bad, prefetch: bad, off: bad } as never,
        },
      };
    },
    provoke: ({ lib }) => lib.flags.prefetch(['a']),
    told: /flags vendor/,
  },
  'flags.onChange': {
    provoke: ({ lib, kept }) => {
      lib.flags.onChange(kept['bad'] as Bad);
      lib.flags.kill('a_flag', 'to see');
    },
    told: /flags\.onChange/,
  },
  'admin.authorize': {
    options: ({ kept }) => ({ admin: { port: 0, authorize: kept['bad'] as Bad } }),
    provoke: async ({ observability }) => {
      const answer = await fetch(`http://127.0.0.1:${await observability.admin.port}/metrics`);
      if (answer.status !== 404) throw new Error(`let in: ${answer.status}`);
    },
    told: /admin\.authorize/,
    records: false,
  },
  'a probe': {
    options: ({ kept }) => ({
      saturation: {
        probes: [{ name: 'own', sample: kept['bad'] as Bad, dispose: kept['bad'] as Bad }],
        intervalMs: 100,
      },
    }),
    told: /saturation\.probe\.own/,
  },
  'a sink of alerts': {
    options: ({ kept }) => {
      const bad = kept['bad'] as Bad;
      return {
        alerts: {
          defaults: false,
          sinks: [bad, { name: 'own', pace: 'change', deliver: bad, close: bad }],
          rules: [
            {
              ...{
                name: 'Busy',
                severity: 'warning',
                signal: 'traffic.requestsPerSecond',
                fireAbove: 0,
                resolveBelow: 0,
              },
              ...{ for: '1s', minSamples: 0, action: 'Nothing: this is a test.' },
            },
          ],
        },
      };
    },
    told: /alerts sink/,
  },
  'an exporter of spans': {
    options: ({ kept }) => ({ traces: { exporter: { export: kept['bad'] as Bad, shutdown: kept['bad'] as Bad } } }),
    told: /traces\.export\..*failing/,
  },
  'a queue, a pool and a gauge': {
    provoke: ({ lib, kept }) => {
      const bad = kept['bad'] as Bad;
      lib.queue('orders', bad, { oldestAge: bad });
    },
    told: /depth of queue/,
  },
  'a check of health': {
    options: () => ({ admin: { port: 0 } }),
    provoke: async ({ lib, kept, observability }) => {
      lib.lifecycle.check('database', kept['bad'] as Bad);
      const port = await observability.admin.port;
      const [ready, live] = [
        await fetch(`http://127.0.0.1:${port}/readyz`),
        await fetch(`http://127.0.0.1:${port}/livez`),
      ];
      if (ready.status !== 503 || live.status !== 200) throw new Error(`${ready.status} ${live.status}`);
      kept['bad'] = undefined;
    },
    told: /^$/,
    records: false,
  },
  'metrics of somebody else': {
    options: ({ kept }) => ({
      admin: { port: 0 },
      metrics: { include: { getMetricsAsJSON: kept['bad'], metrics: kept['bad'], contentType: 'text/plain' } },
    }),
    provoke: async ({ observability }) => {
      const answer = await fetch(`http://127.0.0.1:${await observability.admin.port}/metrics`);
      if (!(await answer.text()).includes('http_server_request_duration')) throw new Error('our own metrics are gone');
    },
    told: /prom-client|metrics/,
    records: false,
  },
  'a store and a writer of rollouts': {
    options: ({ kept, lib }) => {
      const bad = kept['bad'] as Bad;
      return {
        flags: { source: lib.flagSources.memory({ flags: { checkout: { rollout: 0 } } }) },
        rollouts: {
          store: { name: 'own', start: bad, load: bad, decide: bad, add: bad, stop: bad },
          writers: [{ name: 'own', wants: bad, write: bad, close: bad }],
          plans: { checkout: { stages: [10, 100], metrics: ['errors', 'refunds'] } },
          business: bad,
          intervalMs: 1000,
        },
      };
    },
    told: /rollouts|store|writer/,
  },
};

const faults = Object.entries(given).map(
  ([name, { options, provoke, told, records }]): Fault => ({
    name: `${name} throws, or is async and rejects`,
    promise: 'requests are answered and recorded as ever; the failure is told under its name and ends nothing',
    goals: [1],
    async run(scene) {
      const heard: string[] = [];
      const suffer = async (how: How): Promise<void> => {
        const host = await scene.host({ before, argument: how, ...(options === undefined ? {} : { options }) });
        const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
        for (const path of ['/ok', '/work', '/flag/a_flag']) {
          expect(await host.get(path, { headers })).toMatchObject({ status: 200 });
        }
        if (provoke !== undefined) await host.run(provoke);
        if (told.source !== '^$') await until(() => host.notices(told).length > 0, 60_000);
        expect(await host.get('/ok', { headers })).toMatchObject({ status: 200 });
        await until(() => host.records().length >= 4);
        if (records !== false) expect(host.records()).toHaveLength(4);
        const { failures, durationMs } = await host.shutdown();
        heard.push(...host.notices(told).map(({ code }) => String(code)));
        expect(durationMs).toBeLessThan(5000);
        expect(failures.filter((failure) => !failure.endsWith('a callback of the application failed'))).toEqual([]);
      };
      await Promise.all(HOW.map(suffer));
      return { text: `told as ${[...new Set(heard)].join(', ') || 'not ready'}` };
    },
  }),
);

export const callbacks: Group = { name: 'callbacks', faults };
