import { commonMessages } from '../../traces/exporters/otlp-common.js';
import { MessageEncoder, type Messages } from '../../traces/exporters/protobuf-message.js';

/** The messages of opentelemetry-proto 1.x that carry metrics. */
const messages = {
  ...commonMessages,
  MetricsRequest: { resourceMetrics: [1, 'ResourceMetrics'] },
  ResourceMetrics: { resource: [1, 'Resource'], scopeMetrics: [2, 'ScopeMetrics'] },
  ScopeMetrics: { scope: [1, 'Scope'], metrics: [2, 'Metric'] },
  Metric: {
    name: [1, 'string'],
    description: [2, 'string'],
    unit: [3, 'string'],
    gauge: [5, 'Gauge'],
    sum: [7, 'Sum'],
    histogram: [9, 'Histogram'],
    exponentialHistogram: [10, 'ExponentialHistogram'],
  },
  Gauge: { dataPoints: [1, 'NumberPoint'] },
  Sum: { dataPoints: [1, 'NumberPoint'], aggregationTemporality: [2, 'varint'], isMonotonic: [3, 'varint'] },
  Histogram: { dataPoints: [1, 'HistogramPoint'], aggregationTemporality: [2, 'varint'] },
  ExponentialHistogram: { dataPoints: [1, 'ExponentialPoint'], aggregationTemporality: [2, 'varint'] },
  NumberPoint: {
    startTimeUnixNano: [2, 'fixed64'],
    timeUnixNano: [3, 'fixed64'],
    asDouble: [4, 'double'],
    attributes: [7, 'KeyValue'],
  },
  HistogramPoint: {
    startTimeUnixNano: [2, 'fixed64'],
    timeUnixNano: [3, 'fixed64'],
    count: [4, 'fixed64'],
    sum: [5, 'double'],
    bucketCounts: [6, 'fixed64'],
    explicitBounds: [7, 'double'],
    exemplars: [8, 'Exemplar'],
    attributes: [9, 'KeyValue'],
  },
  ExponentialPoint: {
    attributes: [1, 'KeyValue'],
    startTimeUnixNano: [2, 'fixed64'],
    timeUnixNano: [3, 'fixed64'],
    count: [4, 'fixed64'],
    sum: [5, 'double'],
    scale: [6, 'sint32'],
    zeroCount: [7, 'fixed64'],
    positive: [8, 'Buckets'],
    exemplars: [11, 'Exemplar'],
  },
  Buckets: { offset: [1, 'sint32'], bucketCounts: [2, 'varint'] },
  Exemplar: { timeUnixNano: [2, 'fixed64'], asDouble: [3, 'double'], traceId: [5, 'hex'] },
} as const satisfies Messages;

const encoder = new MessageEncoder(messages);

/** A request as `metricsRequest` makes it, in protobuf. */
export function encodeProtobuf(request: object): Buffer {
  return encoder.encode('MetricsRequest', request, 64 * 1024);
}

/** The same in OTLP/JSON (OTLP specification, "JSON Protobuf Encoding"). */
export function encodeJson(request: object): Buffer {
  return Buffer.from(JSON.stringify(request));
}
