import { messageOf } from '../../core/diagnostics.js';
import { guard } from '../../core/guard.js';
import { isThenable } from '../../core/thenable.js';
import type { FinishedSpan } from '../export/finished-span.js';
import type { SendResult, SpanSender } from '../export/span-sender.js';

/** The `SpanExporter` of both lines of the OpenTelemetry SDK. */
export interface SpanExporterLike {
  export(
    spans: readonly FinishedSpan[],
    done: (result: { readonly code: number; readonly error?: Error }) => void,
  ): void;
  shutdown?(): Promise<void>;
  /** Ours: spans in one `export`; with 1, none waits for a batch to fill. */
  readonly maxBatch?: number;
}

const SUCCESS = 0;
/** The SDK's own default for an export. */
const TIMEOUT_MS = 30_000;

/**
 * Any OpenTelemetry exporter as ours. It retries by itself, so a failure is final; it cannot be stopped, so one that does
 * not answer in time may still deliver, and its spans count as lost all the same.
 */
export function fromSpanExporter(exporter: SpanExporterLike): SpanSender {
  const name = exporter.constructor.name;
  return {
    name,
    endpoint: 'its own endpoint',
    timeoutMs: TIMEOUT_MS,
    ...(exporter.maxBatch !== undefined && { maxBatch: exporter.maxBatch }),
    maxInFlight: 1, // "Export() will never be called concurrently for the same exporter instance" (specification)
    send: (spans, signal) => exported(exporter, spans, signal),
    close: () => guard(`${name}.shutdown`, () => exporter.shutdown?.()),
  };
}

function exported(
  exporter: SpanExporterLike,
  spans: readonly FinishedSpan[],
  signal: AbortSignal,
): Promise<SendResult> {
  return new Promise((resolve) => {
    const rejected = (cause: unknown): void => resolve({ status: 'rejected', reason: messageOf(cause) });
    signal.addEventListener('abort', () => rejected(signal.reason), { once: true });
    try {
      const promised: unknown = exporter.export([...spans], ({ code, error }) => {
        if (code === SUCCESS) resolve({ status: 'accepted', rejected: 0 });
        else rejected(error ?? `result code ${code}`);
      });
      if (isThenable(promised)) promised.then(undefined, rejected); // `export` of an async exporter
    } catch (cause) {
      rejected(cause);
    }
  });
}
