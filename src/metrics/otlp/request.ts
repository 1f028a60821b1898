import type { Exemplar } from '../../signals/cumulative.js';
import { type KeyValue, keyValues } from '../../traces/exporters/otlp-value.js';
import type { Family, HistogramPoint, HistogramValue, Labels, NumberPoint } from '../family.js';

/** What stands around the points. Times in epoch milliseconds. */
export interface RequestFrame {
  readonly resource: Labels;
  readonly scope: { readonly name: string; readonly version: string };
  /** Since when the numbers of counters and histograms count. */
  readonly startMs: number;
  readonly nowMs: number;
  readonly temporality: 'cumulative' | 'delta';
  readonly histograms: 'exponential' | 'explicit';
  /** Exemplars from before have been sent. */
  readonly exemplarsAfterMs: number;
}

const DELTA = 1;
const CUMULATIVE = 2;

/** ExportMetricsServiceRequest under the rules of OTLP/JSON: IDs in hex, 64-bit numbers as strings, enums as numbers. */
export function metricsRequest(families: readonly Family[], frame: RequestFrame): object {
  const metrics = families.filter(({ points }) => points.length > 0).map((family) => metricOf(family, frame));
  return {
    resourceMetrics: [
      { resource: { attributes: keyValues(frame.resource) }, scopeMetrics: [{ scope: frame.scope, metrics }] },
    ],
  };
}

function metricOf(family: Family, frame: RequestFrame): object {
  const { name, unit, help, action } = family;
  const description = action === '' ? help : `${help} Action: ${action}`;
  return { name, unit: unit === '{}' ? '' : unit, description, ...dataOf(family, frame) };
}

function dataOf(family: Family, frame: RequestFrame): object {
  const aggregationTemporality = frame.temporality === 'delta' ? DELTA : CUMULATIVE;
  switch (family.type) {
    case 'counter': {
      const dataPoints = family.points.map((point) => numberPoint(point, frame));
      return { sum: { aggregationTemporality, isMonotonic: true, dataPoints } };
    }
    case 'gauge': {
      const dataPoints = family.points.map((point) => numberPoint(point, frame));
      if (family.over === 'max') return { gauge: { dataPoints } };
      return { sum: { aggregationTemporality: CUMULATIVE, isMonotonic: false, dataPoints } }; // an UpDownCounter
    }
    case 'histogram':
      return histogramData(family.points, aggregationTemporality, frame);
    case 'summary':
      return { summary: { dataPoints: [] } };
  }
}

/** One metric has points of one kind: exponential where every series has such buckets. */
function histogramData(points: readonly HistogramPoint[], aggregationTemporality: number, frame: RequestFrame): object {
  if (frame.histograms === 'exponential' && points.every(({ histogram }) => histogram.exponential !== undefined)) {
    const dataPoints = points.map((point) => exponentialPoint(point, frame));
    return { exponentialHistogram: { aggregationTemporality, dataPoints } };
  }
  return { histogram: { aggregationTemporality, dataPoints: points.map((point) => explicitPoint(point, frame)) } };
}

function numberPoint({ labels, value }: NumberPoint, frame: RequestFrame): object {
  return { ...common(labels, frame), asDouble: jsonNumber(value) };
}

function explicitPoint({ labels, histogram }: HistogramPoint, frame: RequestFrame): object {
  return {
    ...common(labels, frame),
    count: String(histogram.count),
    sum: histogram.sum,
    bucketCounts: Array.from(histogram.counts, String),
    explicitBounds: histogram.boundaries,
    exemplars: exemplars(histogram, frame),
  };
}

function exponentialPoint({ labels, histogram }: HistogramPoint, frame: RequestFrame): object {
  const { scale = 0, offset = 0, counts = [] } = histogram.exponential?.read() ?? {};
  return {
    ...common(labels, frame),
    count: String(histogram.count),
    sum: histogram.sum,
    scale,
    zeroCount: String(histogram.exponential?.zeroCount ?? 0),
    positive: { offset, bucketCounts: counts.map(String) },
    exemplars: exemplars(histogram, frame),
  };
}

function common(labels: Labels, { startMs, nowMs }: RequestFrame): object {
  return { attributes: attributesOf(labels), startTimeUnixNano: nano(startMs), timeUnixNano: nano(nowMs) };
}

const kept = new WeakMap<Labels, KeyValue[]>();

function attributesOf(labels: Labels): KeyValue[] {
  const known = kept.get(labels) ?? keyValues(labels);
  kept.set(labels, known);
  return known;
}

function exemplars(histogram: HistogramValue, { exemplarsAfterMs }: RequestFrame): object[] | undefined {
  if (histogram.exemplar === undefined) return undefined;
  const found = Array.from(histogram.counts, (_, i) => histogram.exemplar?.(i)).filter(
    (exemplar): exemplar is Exemplar => exemplar !== undefined && exemplar.at > exemplarsAfterMs,
  );
  return found.map(({ traceId, value, at }) => ({ traceId, asDouble: value, timeUnixNano: nano(at) }));
}

/** Whole milliseconds; more is not known. */
function nano(ms: number): string {
  return `${Math.floor(ms)}000000`;
}

/** JSON knows no NaN: protobuf's rule is a word. */
function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
