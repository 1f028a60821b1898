import { metricNames as names } from './metric-names.js';
import type { queries } from './promql.js';
import { counterSeries, gaugeSeries, type InputSeries, type SeriesLabels, type Stretch } from './test-series.js';

/** What a signal shall be, one value after another, and the rest that its series are made by. */
export interface Wanted {
  readonly stretches: readonly Stretch[];
  /** Labels of all its series: service, instance, and what the rule's signal is of. */
  readonly labels: SeriesLabels;
  readonly stepSeconds: number;
  readonly windowSeconds: number;
  /** Requests or calls in each step. */
  readonly samples: number;
}

/** Series from which a signal's query makes the values wanted. */
export type Inputs = (wanted: Wanted) => readonly InputSeries[];

const grown = (metric: string, { labels, stretches }: Wanted, extra: SeriesLabels, of: (value: number) => number) =>
  counterSeries(
    metric,
    { ...labels, ...extra },
    stretches.map(({ value, steps }) => ({ value: of(value), steps })),
  );

export const share = (metric: string, part: SeriesLabels, rest: SeriesLabels): Inputs => {
  return (wanted) => [
    grown(metric, wanted, part, (value) => value * wanted.samples),
    grown(metric, wanted, rest, (value) => (1 - value) * wanted.samples),
  ];
};

/** A little more than the quantile's share is up to the value, the rest beyond all edges: so the quantile is at the value. */
export const times = (metric: string, q: number): Inputs => {
  return (wanted) => {
    const edges = [...new Set(wanted.stretches.map(({ value }) => value))].sort((a, b) => a - b);
    const upTo = (q + (1 - q) * 0.1) * wanted.samples;
    return [
      ...edges.map((edge) =>
        grown(`${metric}_bucket`, wanted, { le: String(edge) }, (value) => (value <= edge ? upTo : 0)),
      ),
      grown(`${metric}_bucket`, wanted, { le: '+Inf' }, () => wanted.samples),
      grown(`${metric}_count`, wanted, {}, () => wanted.samples),
    ];
  };
};

const mean = (metric: string): Inputs => {
  return (wanted) => [
    grown(`${metric}_sum`, wanted, {}, (value) => value * wanted.samples),
    grown(`${metric}_count`, wanted, {}, () => wanted.samples),
  ];
};

export const rate = (metric: string): Inputs => {
  return (wanted) => [grown(metric, wanted, {}, (value) => value * wanted.stepSeconds)];
};

export const gauge = (metric: string): Inputs => {
  return ({ labels, stretches }) => [gaugeSeries(metric, labels, stretches)];
};

const timesOfVariant = (q: number): Inputs => {
  const durations = times(names.variantRequests, q);
  return (wanted) => [...durations(wanted), grown(names.exposures, wanted, { outcome: 'ok' }, () => wanted.samples)];
};

const FAILED = { error_type: '500', http_response_status_code: '500' };
const requestCount = `${names.requests}_count`;

/** Ten requests a second until there is an hour to compare with; then so much of the hour before each step's window as is wanted. */
const ofLastHour: Inputs = ({ stretches, labels, stepSeconds, windowSeconds }) => {
  const hour = 3600 / stepSeconds;
  const ago = Math.ceil(windowSeconds / stepSeconds);
  const perStep: number[] = [];
  for (const { value, steps } of stretches) {
    for (let step = 0; step < steps; step++) {
      const before = perStep.slice(-ago - hour, -ago);
      const mean = before.reduce((sum, one) => sum + one, 0) / hour;
      perStep.push(before.length < hour ? 10 * stepSeconds : value * mean);
    }
  }
  return [
    counterSeries(
      requestCount,
      labels,
      perStep.map((value) => ({ value, steps: 1 })),
    ),
  ];
};

/** Compared with the queries by the compiler: each has its inputs. */
export const inputs = {
  'errors.ratio': share(requestCount, FAILED, {}),
  'latency.p50': times(names.requests, 0.5),
  'latency.p95': times(names.requests, 0.95),
  'latency.p99': times(names.requests, 0.99),
  'latency.mean': mean(names.requests),
  'traffic.requestsPerSecond': rate(requestCount),
  'traffic.ofLastHour': ofLastHour,
  'traffic.inFlight': gauge(names.inFlight),
  saturation: gauge(names.saturation),
  'route.errors.ratio': share(requestCount, FAILED, {}),
  'route.latency.p50': times(names.requests, 0.5),
  'route.latency.p95': times(names.requests, 0.95),
  'route.latency.p99': times(names.requests, 0.99),
  'route.latency.mean': mean(names.requests),
  'route.traffic.requestsPerSecond': rate(requestCount),
  'dependency.errors.ratio': share(`${names.databaseCalls}_count`, { error_type: 'Error' }, {}),
  'dependency.latency.p50': times(names.declaredCalls, 0.5),
  'dependency.latency.p95': times(names.declaredCalls, 0.95),
  'dependency.latency.p99': times(names.declaredCalls, 0.99),
  'dependency.latency.mean': mean(names.declaredCalls),
  'dependency.hitRatio': share(names.lookups, { result: 'hit' }, { result: 'miss' }),
  'dependency.inFlight': gauge(names.callsInFlight),
  'dependency.depth': gauge(names.queueDepth),
  'dependency.oldestAgeSeconds': gauge(names.queueAge),
  'variant.errors.ratio': share(names.exposures, { outcome: 'error' }, { outcome: 'ok' }),
  'variant.latency.p50': timesOfVariant(0.5),
  'variant.latency.p95': timesOfVariant(0.95),
  'variant.latency.p99': timesOfVariant(0.99),
  'telemetry.loss': (wanted) => [
    grown(names.dropped, wanted, { signal: 'spans', reason: 'queue_full' }, (value) => {
      return (value * wanted.stepSeconds) / wanted.windowSeconds;
    }),
  ],
} as const satisfies Readonly<Record<keyof typeof queries, Inputs>>;
