import protobuf from 'protobufjs';
import { conformance } from '../../traces/exporters/conformance.js';

export interface Point {
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly asDouble?: number;
  readonly count?: string;
  readonly sum?: number;
  readonly bucketCounts?: readonly string[];
  readonly explicitBounds?: readonly number[];
  readonly scale?: number;
  readonly zeroCount?: string;
  readonly positive?: { readonly offset: number; readonly bucketCounts: readonly string[] };
  readonly exemplars?: readonly {
    readonly traceId: string;
    readonly asDouble: number;
    readonly timeUnixNano: string;
  }[];
}

export interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly sum?: {
    readonly aggregationTemporality: string;
    readonly isMonotonic?: boolean;
    readonly dataPoints: readonly Point[];
  };
  readonly gauge?: { readonly dataPoints: readonly Point[] };
  readonly histogram?: { readonly aggregationTemporality: string; readonly dataPoints: readonly Point[] };
  readonly exponentialHistogram?: { readonly aggregationTemporality: string; readonly dataPoints: readonly Point[] };
}

/** Read by protobufjs with OpenTelemetry's own schema, and by nothing of ours. */
export function decoded(body: Uint8Array): { resource: Point['attributes']; metrics: Map<string, Metric> } {
  const root = protobuf.Root.fromJSON(JSON.parse(conformance.read('otlp/opentelemetry-proto.json')));
  const type = root.lookupType('opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest');
  const request = type.toObject(type.decode(body), { longs: String, enums: String, bytes: String });
  const [{ resource, scopeMetrics }] = request['resourceMetrics'];
  const metrics: Metric[] = scopeMetrics[0].metrics;
  return { resource: resource.attributes, metrics: new Map(metrics.map((metric) => [metric.name, metric])) };
}

/** As a backend takes it from exponential buckets: within the bucket by the geometric mean of its bounds. */
export function quantile({ scale = 0, positive, zeroCount = '0', count }: Point, share: number): number {
  const wanted = Math.ceil(Number(count) * share);
  const base = 2 ** (2 ** -scale);
  let below = Number(zeroCount);
  for (const [i, bucket] of (positive?.bucketCounts ?? []).entries()) {
    below += Number(bucket);
    if (below >= wanted) return base ** ((positive?.offset ?? 0) + i + 0.5);
  }
  return Number.NaN;
}
