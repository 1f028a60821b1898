const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-http');
const { ExpressInstrumentation } = require('@opentelemetry/instrumentation-express');
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
const { KoaInstrumentation } = require('@opentelemetry/instrumentation-koa');
const { NodeSDK } = require('@opentelemetry/sdk-node');

const { framework } = JSON.parse(process.env.BENCH_SERVICE);
const frameworks = {
  express: () => [new ExpressInstrumentation()],
  koa: () => [new KoaInstrumentation()],
  http: () => [],
};

// An exporter given this way is wrapped in the batch processor with its default queue, batch and delay.
const sdk = new NodeSDK({
  serviceName: 'bench',
  traceExporter: new OTLPTraceExporter({ url: process.env.BENCH_OTLP }),
  instrumentations: [new HttpInstrumentation(), ...frameworks[framework]()],
});
sdk.start();

exports.flush = () => sdk.shutdown();
