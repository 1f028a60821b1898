import type { DeclaredMetric, DependencyCounts, MetricSources } from '../../src/metrics/sources.js';
import { GcTotals } from '../../src/saturation/gc-watch.js';
import { SeriesRegistry } from '../../src/signals/series.js';
import { manualClock } from '../../src/testing/manual-clock.js';
import { recorded } from './samples.js';

const registry = new SeriesRegistry();
for (const [status, errorType, outcome] of [
  [200, undefined, 'ok'],
  [503, '503', 'error'],
  [0, 'timeout', 'error'],
  [200, undefined, 'aborted'],
] as const) {
  const at = { startedMs: 0, firstByteMs: 1, lastByteMs: 1, durationMs: 37, abortPhase: 'mid_response' };
  registry.record({ ...at, method: 'GET', route: '/a/:id', status, errorType, outcome } as never); // what `record` reads
}

const durations = () =>
  new Map([
    [
      'select',
      new Map<number | string, ReturnType<typeof recorded>>([
        ['ok', recorded([0.2])],
        ['Error', recorded([9])],
      ]),
    ],
  ]);
const none = { inFlight: 0, aborted: 0, cache: undefined, queue: undefined, durations: new Map() };

const dependencies: readonly DependencyCounts[] = [
  { ...none, name: 'orders', kind: 'declared', system: 'postgresql', inFlight: 1, durations: durations() },
  { ...none, name: 'mailer', kind: 'declared', system: undefined, durations: durations() },
  {
    ...none,
    name: 'users:3000',
    kind: 'peer',
    system: undefined,
    aborted: 1,
    durations: new Map([['GET', new Map([[404, recorded([0.2])]])]]),
  },
  { ...none, name: 'sessions', kind: 'declared', system: undefined, cache: { hits: 3, misses: 1 } },
  { ...none, name: 'emails', kind: 'declared', system: undefined, queue: { depth: 7, oldestAgeSeconds: null } },
];

const business: readonly DeclaredMetric[] = [
  {
    name: 'orders.placed',
    kind: 'counter',
    unit: '{order}',
    action: 'look.',
    series: [{ attributes: { tier: 'gold' }, value: 2, durations: undefined }],
  },
  {
    name: 'checkout.time',
    kind: 'timer',
    unit: 's',
    action: 'look.',
    series: [{ attributes: {}, value: 0, durations: recorded([0.2]) }],
  },
];

const variants = [
  { flag: 'new', variant: 'on', total: 4, errors: 1, aborted: 1, durations: recorded([0.1, 0.2, 0.3]) },
];

/** Every source there is, each with something to tell. */
export const everySource = {
  clock: manualClock(),
  drops: () => ({ series: { route_cap: 3 } }),
  identity: { service: 'shop', version: '1.4.1', environment: 'production' },
  http: { series: () => registry.all(), inFlight: 2 },
  saturation: () => ({
    worst: 'event-loop-utilization',
    ratio: 0.5,
    resources: {
      'event-loop-utilization': { ratio: 0.5, readings: { active_seconds: 1 } },
      'event-loop-delay': { ratio: 0.1, readings: { p50_seconds: 0.001, p99_seconds: 0.01, max_seconds: 0.02 } },
      cpu: { ratio: 0.25, readings: { used_cpus: 0.5, throttled_ratio: 0.1, limit_bytes: 7 } },
      pool: { ratio: 0.2, readings: { used_count: 3, thread_count: 4 } },
    },
  }),
  spans: () => ({ ended: 5, delivered: 2, dropped: { queue_full: 2 }, queued: 1 }),
  variants: () => variants,
  flagSources: () => [
    { source: 'https://flags.example/all', ageSeconds: 90, staleSeconds: 90 },
    { source: 'environment', ageSeconds: null, staleSeconds: 0 },
    { source: 'file ./flags.json', ageSeconds: 0.5, staleSeconds: 0 },
  ],
  alerts: () => [
    { name: 'Errors', severity: 'critical', state: 'firing', muted: false },
    { name: 'Errors', severity: 'critical', state: 'firing', muted: true },
    { name: 'Slow', severity: 'warning', state: 'pending', muted: false },
  ],
  budgets: () => [
    { name: 'checkout', budgetLeft: 0.4 },
    { name: 'young', budgetLeft: null },
  ],
  rollouts: {
    steps: () => [{ flag: 'checkout', event: 'rollout_rolled_back', count: 1 }],
    shares: () => [{ flag: 'checkout', percent: 5 }],
    refused: () => ({ overloaded: 7 }),
  },
  gc: () => {
    const minor = new GcTotals('minor');
    minor.add(0.02);
    return [minor];
  },
  pools: () => [{ name: 'db', kind: 'pg', used: 2, idle: 0, waiting: 18, max: 2 }],
  dependencies: () => dependencies,
  business: () => business,
} satisfies MetricSources;
