import { Collector } from '../../../traces/export/collector.js';
import type { Fault } from '../../fault.js';
import { costOf } from '../../trials/load.js';

export const overhead: Fault = {
  name: 'everything on, beside the same service without the library',
  promise: 'CPU per request stays small',
  goals: [13],
  async run(scene) {
    const { seconds, rounds } = scene.long ? { seconds: 10, rounds: 5 } : { seconds: 2, rounds: 1 };
    const collector = scene.later(await new Collector().listen(), (each) => each.close());
    const bare = await scene.host({ bare: true });
    const ours = await scene.host({
      argument: collector.url,
      options: ({ argument }) => ({
        traces: { endpoint: argument, ratio: 0.05 },
        admin: { port: 0 },
        log: { destination: '/dev/null' },
      }),
    });
    for (const host of [bare, ours]) await costOf(host, '/ok', { seconds: 3, rate: 1000 });
    const added: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const [without, withUs] = [
        await costOf(bare, '/ok', { seconds, rate: 1000 }),
        await costOf(ours, '/ok', { seconds, rate: 1000 }),
      ];
      added.push(withUs.cpuUs - without.cpuUs);
    }
    const median = added.toSorted((a, b) => a - b)[added.length >> 1] ?? 0;
    return {
      text: `${Math.round(median)} us added per request, median of ${rounds} rounds (${added.map(Math.round).join(', ')})`,
      measured: { overheadUs: median },
    };
  },
};
