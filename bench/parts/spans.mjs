// Spans of one's own work: made, ended, and then dropped with their root or kept and handed to an exporter.
import { tracing } from '@opentelemetry/sdk-node';

const exporter = {
  export: (_spans, done) => done({ code: 0 }),
  forceFlush: async () => {},
  shutdown: async () => {},
};
const nothing = () => {};

async function ours(name, ratio, { library }) {
  const { observe, shutdown, span } = await import(`${library}/dist/index.js`);
  observe({ service: 'bench', log: { accessLog: false, level: 'fatal' }, traces: { ratio, exporter } });
  return { calls: { [name]: () => span('work', nothing) }, close: shutdown };
}

/** OpenTelemetry's SDK as its users have it: sampled at the head, batches. */
function theirs() {
  const made = (sampler) =>
    new tracing.BasicTracerProvider({ sampler, spanProcessors: [new tracing.BatchSpanProcessor(exporter)] });
  const [off, on] = [made(new tracing.AlwaysOffSampler()), made(new tracing.AlwaysOnSampler())];
  const call = (provider) => {
    const tracer = provider.getTracer('bench');
    return () => tracer.startActiveSpan('work', (span) => span.end());
  };
  return {
    calls: {},
    peers: { 'OpenTelemetry SDK span, sampled out': call(off), 'OpenTelemetry SDK span, sampled': call(on) },
    close: () => Promise.all([off.shutdown(), on.shutdown()]),
  };
}

const groups = {
  dropped: (where) => ours('span, not kept', 0, where),
  kept: (where) => ours('span, kept and exported', 1, where),
  theirs,
};

export const open = (where) => groups[where.group](where);
