const OF_SDK = 'comes with @opentelemetry/sdk-node';
const OF_GRPC = 'gRPC and protobuf exporters, which come with @opentelemetry/sdk-node';

/** What each heavy package of the runtime is for. */
export const reasons = {
  fourlights: 'the library, its two module formats, its command, the status page, declarations',
  '@opentelemetry/api': 'the spans: ours and those of the application meet here',
  '@opentelemetry/sdk-node': 'wires the instrumentations of the application; loaded for them alone',
  '@opentelemetry/semantic-conventions': `names as constants; ${OF_SDK}, not imported by us`,
  '@opentelemetry/configuration': `configuration by file; ${OF_SDK}`,
  '@opentelemetry/core': `${OF_SDK}: clocks, propagation, IDs`,
  '@opentelemetry/instrumentation': `${OF_SDK}: wires the instrumentations of the application`,
  '@opentelemetry/resources': `${OF_SDK}: who the service is`,
  '@opentelemetry/sdk-trace': `${OF_SDK}: the tracer`,
  '@opentelemetry/sdk-trace-base': `${OF_SDK}: the tracer`,
  '@opentelemetry/sdk-metrics': `${OF_SDK}, not used by us`,
  '@opentelemetry/sdk-logs': `${OF_SDK}, not used by us`,
  '@opentelemetry/api-logs': `${OF_SDK}, not used by us`,
  '@opentelemetry/exporter-prometheus': `${OF_SDK}, not used by us`,
  '@opentelemetry/otlp-transformer': `OTLP of the SDK's exporters; ${OF_SDK}, not used by us`,
  '@opentelemetry/otlp-exporter-base': `OTLP of the SDK's exporters; ${OF_SDK}, not used by us`,
  '@grpc/grpc-js': `${OF_GRPC}; never loaded by us`,
  '@grpc/proto-loader': `${OF_GRPC}; never loaded by us`,
  protobufjs: `${OF_GRPC}; never loaded by us`,
  '@types/node': 'declarations; comes with protobufjs',
  'hdr-histogram-js': 'latency percentiles; one class of it is loaded',
  pako: 'compressed histograms; comes with hdr-histogram-js, never loaded by us',
  pino: 'the log lines',
  yaml: 'rule files for Prometheus; loaded by the command alone, and by the SDK for configuration by file',
};
