import type { Collector } from '../family.js';
import { keptLabels } from '../labels.js';
import type { RolloutSource } from '../sources.js';

/** Guarded rollouts, flags that were shed, and requests that a middleware has refused. */
export function rollouts({ steps, shares, refused }: RolloutSource): Collector {
  const stepOf = keptLabels((flag: string, event: string) => ({ flag, event }));
  const flagOf = keptLabels((flag: string) => ({ flag }));
  const whyOf = keptLabels((why: string) => ({ why }));
  return () => [
    {
      ...{ type: 'counter', name: 'fourlights.rollout.steps', unit: '{step}' },
      help: 'Steps of guarded rollouts and of flags that are shed under load.',
      action: 'rollout_rolled_back: the variant hurts; its evidence is on the status page. flag_shed: add capacity.',
      points: steps().map(({ flag, event, count }) => ({ labels: stepOf(flag, event), value: count })),
    },
    {
      ...{ type: 'gauge', over: 'max', name: 'fourlights.rollout.share', unit: '1' },
      help: 'Share of all users that a guarded flag is rolled out to.',
      action: 'differs between processes for longer than a minute: they do not reach the store of rollouts.',
      points: shares().map(({ flag, percent }) => ({ labels: flagOf(flag), value: percent / 100 })),
    },
    {
      ...{ type: 'counter', name: 'fourlights.requests.refused', unit: '{request}' },
      help: 'Requests that goldenSignals() has answered with 503, because of the concurrency limit or of read_only.',
      action: 'overloaded: add capacity. read only: find out who has switched it on.',
      points: Object.entries(refused()).map(([why, value]) => ({ labels: whyOf(why), value })),
    },
  ];
}
