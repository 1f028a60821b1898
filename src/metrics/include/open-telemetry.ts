import { diagnostics } from '../../core/diagnostics.js';
import type { Family, HistogramPoint, HistogramValue, Labels, NumberPoint } from '../family.js';
import { call, field, has, type Included, list, number, text } from './included.js';

/** `DataPointType` and `AggregationTemporality` of @opentelemetry/sdk-metrics, the same on both of its lines. */
const HISTOGRAM = 0;
const EXPONENTIAL_HISTOGRAM = 1;
const SUM = 3;
const DELTA = 0;
/** Boundaries that an exponential histogram is brought down to: this format has no other kind. */
const MOST_BOUNDARIES = 20;

/**
 * A `MetricReader` of a MeterProvider (`collect`), such as a `PrometheusExporter` with `preventServerStart`. Names and
 * labels are those of OpenTelemetry's own Prometheus exporter, so that queries go on to work.
 */
export function openTelemetry(given: unknown): Included | undefined {
  if (!has(given, 'collect') || !has(given, 'selectAggregationTemporality')) return undefined;
  return {
    title: 'the OpenTelemetry metric reader',
    collect: async () => {
      const scopes = list(field(field(await call(given, 'collect'), 'resourceMetrics'), 'scopeMetrics'));
      return joined(scopes.flatMap((scope) => list(field(scope, 'metrics')).flatMap((data) => familyOf(scope, data))));
    },
  };
}

function familyOf(scope: unknown, data: unknown): Family[] {
  const kind = field(data, 'dataPointType');
  const descriptor = field(data, 'descriptor');
  const name = text(field(descriptor, 'name')).replace(/[^a-zA-Z0-9_]/g, '_');
  if (field(data, 'aggregationTemporality') === DELTA && kind !== 2) return refused(name);
  const described = { foreign: true, unit: '', help: text(field(descriptor, 'description')) || name, action: '' };
  const points = list(field(data, 'dataPoints')).map((point) => ({
    labels: labelsOf(scope, point),
    value: field(point, 'value'),
  }));
  if (kind === HISTOGRAM || kind === EXPONENTIAL_HISTOGRAM) {
    const read = kind === HISTOGRAM ? explicit : exponential;
    const histograms: HistogramPoint[] = points.map(({ labels, value }) => ({ labels, histogram: read(value) }));
    return [{ type: 'histogram', name, ...described, points: histograms }];
  }
  const numbers: NumberPoint[] = points.map(({ labels, value }) => ({ labels, value: number(value) }));
  const monotonic = kind === SUM && field(data, 'isMonotonic') === true;
  return monotonic
    ? [{ type: 'counter', name: name.endsWith('_total') ? name : `${name}_total`, ...described, points: numbers }]
    : [{ type: 'gauge', over: 'sum', name, ...described, points: numbers }];
}

function labelsOf(scope: unknown, point: unknown): Labels {
  const { name, version } = Object(field(scope, 'scope')) as { name?: string; version?: string };
  const attributes = Object.entries(Object(field(point, 'attributes'))).map(([key, value]) => [key, String(value)]);
  return {
    ...Object.fromEntries(attributes),
    otel_scope_name: name ?? '',
    ...(version && { otel_scope_version: version }),
  };
}

function explicit(value: unknown): HistogramValue {
  const buckets = field(value, 'buckets');
  return {
    boundaries: list(field(buckets, 'boundaries')).map(number),
    counts: list(field(buckets, 'counts')).map(number),
    count: number(field(value, 'count')),
    sum: number(field(value, 'sum') ?? 0),
  };
}

/** Two neighbours become one until there are few enough; the counts stay exact, the steps get wider. */
function exponential(value: unknown): HistogramValue {
  const positive = field(value, 'positive');
  let scale = number(field(value, 'scale'));
  let offset = number(field(positive, 'offset'));
  let counts = list(field(positive, 'bucketCounts')).map(number);
  while (counts.length > MOST_BOUNDARIES) {
    const halved: number[] = [];
    const first = Math.floor(offset / 2);
    counts.forEach((count, i) => {
      const to = Math.floor((offset + i) / 2) - first;
      halved[to] = (halved[to] ?? 0) + count;
    });
    counts = halved;
    offset = first;
    scale--;
  }
  const boundary = (index: number): number => 2 ** (index * 2 ** -scale);
  const boundaries = [...counts.keys(), counts.length].map((i) => boundary(offset + i));
  const lowest = number(field(value, 'zeroCount')) + sum(list(field(field(value, 'negative'), 'bucketCounts')));
  const count = number(field(value, 'count'));
  return { boundaries, counts: [lowest, ...counts, 0], count, sum: number(field(value, 'sum') ?? 0) };
}

function sum(values: readonly unknown[]): number {
  return values.reduce<number>((total, value) => total + number(value), 0);
}

/** Meters of several scopes may use one name: their scope tells their series apart. */
function joined(families: readonly Family[]): Family[] {
  const byName = new Map<string, Family>();
  for (const family of families) {
    const known = byName.get(family.name);
    if (known === undefined || known.type !== family.type)
      byName.set(`${family.name}${known ? ` ${family.type}` : ''}`, family);
    else byName.set(family.name, { ...known, points: [...known.points, ...family.points] } as Family);
  }
  return [...byName.values()];
}

function refused(name: string): Family[] {
  diagnostics.drop('metrics', 'delta_temporality');
  diagnostics.warn(
    'metrics include delta',
    `included metric ${name} has delta temporality, and a scrape needs totals: give the reader the cumulative one. It is left out.`,
  );
  return [];
}
