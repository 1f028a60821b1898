import type { Family, HistogramPoint, Labels, NumberPoint, SummaryPoint } from '../family.js';
import { call, field, has, type Included, list, number, text } from './included.js';

/** A `Registry` of prom-client (`getMetricsAsJSON`), of any of its major versions. Its metrics keep their names. */
export function promClient(given: unknown): Included | undefined {
  if (!has(given, 'getMetricsAsJSON')) return undefined;
  return {
    title: 'the prom-client registry',
    collect: async () => list(await call(given, 'getMetricsAsJSON')).flatMap(familyOf),
  };
}

interface Sample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

function familyOf(metric: unknown): Family[] {
  const name = text(field(metric, 'name'));
  const described = { name, foreign: true, unit: '', help: text(field(metric, 'help')), action: '' };
  const samples = list(field(metric, 'values')).map((value) => sampleOf(name, value));
  switch (text(field(metric, 'type'))) {
    case 'counter':
      return [{ type: 'counter', ...described, points: samples }];
    case 'gauge': {
      const over = text(field(metric, 'aggregator')) === 'max' ? 'max' : 'sum';
      return [{ type: 'gauge', over, ...described, points: samples }];
    }
    case 'histogram':
      return [{ type: 'histogram', ...described, points: grouped(name, samples, 'le').map(histogramPoint) }];
    case 'summary':
      return [{ type: 'summary', ...described, points: grouped(name, samples, 'quantile').map(summaryPoint) }];
    default:
      return [];
  }
}

function sampleOf(name: string, value: unknown): Sample & NumberPoint {
  return {
    name: text(field(value, 'metricName')) || name,
    labels: { ...(field(value, 'labels') as Labels | undefined) },
    value: number(field(value, 'value')),
  };
}

/** The samples of one histogram or summary that make up one series. */
interface Group {
  readonly labels: Labels;
  /** By `le` or `quantile`. */
  readonly parts: [number, number][];
  sum: number;
  count: number;
}

function grouped(name: string, samples: readonly Sample[], label: 'le' | 'quantile'): Group[] {
  const groups = new Map<string, Group>();
  for (const sample of samples) {
    const { [label]: at, ...labels } = sample.labels;
    const key = JSON.stringify(labels);
    const group: Group = groups.get(key) ?? { labels, parts: [], sum: 0, count: 0 };
    groups.set(key, group);
    if (sample.name === `${name}_sum`) group.sum = sample.value;
    else if (sample.name === `${name}_count`) group.count = sample.value;
    else if (at !== undefined) group.parts.push([at === '+Inf' ? Number.POSITIVE_INFINITY : Number(at), sample.value]);
  }
  return [...groups.values()];
}

/** Its buckets count what is below, ours what is within. */
function histogramPoint({ labels, parts, sum, count }: Group): HistogramPoint {
  const bounded = parts.filter(([le]) => Number.isFinite(le)).sort(([a], [b]) => a - b);
  const below = [0, ...bounded.map(([, value]) => value), count];
  const counts = below.slice(1).map((value, i) => value - (below[i] as number));
  return { labels, histogram: { boundaries: bounded.map(([le]) => le), counts, count, sum } };
}

function summaryPoint({ labels, parts, sum, count }: Group): SummaryPoint {
  return { labels, quantiles: parts, sum, count };
}
