import { expect } from 'vitest';
import type { Fault } from '../../fault.js';
import { exchanged, head } from '../../trials/raw.js';

export const breach: Fault = {
  name: 'a guarded variant that fails half of its requests',
  promise: 'taken back within two looks at the evidence',
  goals: [1, 16],
  async run(scene) {
    const host = await scene.host({
      options: ({ lib }) => ({
        flags: { source: lib.flagSources.memory({ flags: { broken: { rollout: 0 } } }) },
        rollouts: { plans: { broken: { stages: [50, 100], minHold: 1, metrics: ['errors'] } }, intervalMs: 1000 },
        log: { accessLog: false },
      }),
    });
    await host.run(({ lib, server, kept }) => {
      let user = 0;
      const { createServer } = process.getBuiltinModule('node:http');
      const shop = createServer((_request, response) => {
        const fresh = lib.flags.boolean('broken', false, { targetingKey: `user ${user++}` });
        response.writeHead(fresh && user % 2 === 0 ? 500 : 200).end();
      }).listen(0, '127.0.0.1');
      server.on('close', () => shop.close());
      kept['shop'] = shop;
    });
    const port = await host.run(async ({ kept, pause }) => {
      await pause(50);
      return ((kept['shop'] as import('node:http').Server).address() as { port: number }).port;
    });
    const began = performance.now();
    let rolledBackMs = 0;
    while (rolledBackMs === 0 && performance.now() - began < 60_000) {
      await exchanged(port, head('GET / HTTP/1.1').repeat(50), 50);
      const [state] = await host.run(({ observability }) => observability.rollouts.states());
      if (state?.status === 'rolled_back') rolledBackMs = performance.now() - began;
    }
    expect(rolledBackMs).toBeGreaterThan(0);
    await host.run(({ kept }) => void (kept['shop'] as import('node:http').Server).close());
    return {
      text: `taken back ${(rolledBackMs / 1000).toFixed(1)} s after the first request, with a look each second`,
      measured: { windowsToAct: Math.ceil(rolledBackMs / 1000) },
      beyond: 'the first look only begins to count, and evidence must have come in before the next',
    };
  },
};
