import { allFamilies } from '../../../src/metrics/collectors.js';
import { merged } from '../../../src/metrics/merge.js';
import type { MetricSources } from '../../../src/metrics/sources.js';
import { GcTotals } from '../../../src/saturation/gc-watch.js';
import { SeriesRegistry } from '../../../src/signals/series.js';
import { manualClock } from '../../../src/testing/manual-clock.js';
import { recorded, textOf } from '../../metrics/samples.js';

/** What /metrics has: names of series, and labels of all of them. */
export interface Exposed {
  readonly names: ReadonlySet<string>;
  readonly labels: ReadonlySet<string>;
}

const calls = new Map([
  [
    'select',
    new Map<number | string, ReturnType<typeof recorded>>([
      ['ok', recorded([0.2])],
      ['Error', recorded([9])],
      [404, recorded([0.2])],
    ]),
  ],
]);
const none = { inFlight: 0, aborted: 0, cache: { hits: 1, misses: 1 }, durations: calls };
const queue = { depth: 7, oldestAgeSeconds: 3 };

/** Every source has something to say, so every collector shows all it has. */
function sources(): MetricSources {
  const registry = new SeriesRegistry();
  const at = { startedMs: 0, firstByteMs: 1, lastByteMs: 1, durationMs: 37, abortPhase: 'mid_response' };
  registry.record({ ...at, method: 'GET', route: '/a/:id', status: 503, errorType: '503', outcome: 'error' } as never); // what `record` reads
  const gc = new GcTotals('minor');
  gc.add(0.02);
  return {
    clock: manualClock(),
    drops: () => ({ spans: { queue_full: 3 } }),
    http: { series: () => registry.all(), inFlight: 2 },
    saturation: () => ({
      worst: 'event-loop-utilization',
      ratio: 0.5,
      resources: {
        'event-loop-utilization': { ratio: 0.5, readings: { active_seconds: 1 } },
        'event-loop-delay': { ratio: 0.1, readings: { p50_seconds: 0.001, p99_seconds: 0.01, max_seconds: 0.02 } },
      },
    }),
    spans: () => ({ ended: 5, delivered: 2, dropped: { queue_full: 2 }, queued: 1 }),
    variants: () => [{ flag: 'new', variant: 'on', total: 4, errors: 1, aborted: 1, durations: recorded([0.2]) }],
    gc: () => [gc],
    pools: () => [{ name: 'db', kind: 'pg', used: 2, idle: 0, waiting: 18, max: 2 }],
    dependencies: () => [
      { ...none, name: 'orders', kind: 'declared', system: 'postgresql', queue },
      { ...none, name: 'mailer', kind: 'declared', system: undefined, queue },
      { ...none, name: 'users:3000', kind: 'peer', system: undefined, queue },
    ],
    business: () => [],
  };
}

/** Read from the text, as Prometheus reads it. */
export async function exposed(): Promise<Exposed> {
  const text = await textOf(merged(allFamilies(sources())()));
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return {
    names: new Set(lines.map((line) => /^[^{ ]+/.exec(line)?.[0] ?? '')),
    labels: new Set(
      lines.flatMap((line) => [...line.matchAll(/[{,]([a-zA-Z_]\w*)="/g)].map(([, label]) => label ?? '')),
    ),
  };
}
