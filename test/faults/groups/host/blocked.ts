import { expect } from 'vitest';
import type { Fault } from '../../fault.js';

export const blocked: Fault = {
  name: 'the loop is blocked for 5 s',
  promise: 'the delay shows in the snapshot; no burst of timers after it, no rollout is taken back',
  goals: [1, 16],
  async run(scene) {
    const host = await scene.host({
      options: ({ lib }) => ({
        flags: { source: lib.flagSources.memory({ flags: { checkout: { rollout: 0 } } }) },
        rollouts: { plans: { checkout: { stages: [50, 100] } }, intervalMs: 1000 },
        saturation: { intervalMs: 200 },
      }),
    });
    await host.requests(100, '/flag/checkout');
    const seen = await host.run(async ({ lib, observability, pause }) => {
      const until = performance.now() + 5000;
      while (performance.now() < until);
      let delay = 0;
      for (let i = 0; i < 20; i++) {
        await pause(50);
        const { resources } = lib.signals.snapshot().saturation;
        delay = Math.max(
          delay,
          ...Object.entries(resources).flatMap(([name, { readings }]) =>
            /delay/.test(name) ? Object.values(readings) : [],
          ),
        );
      }
      await pause(2500);
      return { delay, phases: observability.rollouts.states().map(({ status }) => status) };
    });
    expect(seen.delay).toBeGreaterThan(1);
    expect(seen.phases).not.toContain('rolled_back');
    return { text: `delay shown: ${seen.delay.toFixed(1)} s; 0 rollouts taken back`, measured: { falseActions: 0 } };
  },
};
