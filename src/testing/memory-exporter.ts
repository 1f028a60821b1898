import type { FinishedSpan } from '../traces/export/finished-span.js';
import type { SpanExporterLike } from '../traces/exporters/span-exporter.js';

const MAX_SPANS = 10_000;
const SUCCESS = 0;
const FAILED = 1;

/** Keeps the spans of kept traces, a moment after their local root has ended; beyond 10,000 they are refused, and so counted. */
export interface MemoryExporter extends SpanExporterLike {
  readonly spans: readonly FinishedSpan[];
  /** The first span of that name. */
  find(name: string): FinishedSpan | undefined;
  reset(): void;
}

/** For tests: `observe({ traces: { exporter: memoryExporter() } })`. */
export function memoryExporter(): MemoryExporter {
  const spans: FinishedSpan[] = [];
  return {
    maxBatch: 1,
    spans,
    find: (name) => spans.find((span) => span.name === name),
    reset: () => void spans.splice(0),
    export: (given, done) => {
      if (spans.length + given.length > MAX_SPANS) return done({ code: FAILED, error: new Error('it is full') });
      spans.push(...given);
      done({ code: SUCCESS });
    },
  };
}
