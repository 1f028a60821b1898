import { type FinishedSpan, milliseconds } from '../export/finished-span.js';
import type { SendResult, SpanSender } from '../export/span-sender.js';

const KINDS: readonly string[] = ['internal', 'server', 'client', 'producer', 'consumer'];
const STATUSES: readonly string[] = ['unset', 'ok', 'error'];

/** One line of JSON per span, for people who are trying things out. */
export class ConsoleSender implements SpanSender {
  readonly name = 'console';
  readonly endpoint = 'stdout';
  readonly timeoutMs = 1000;
  readonly maxBatch = 1;
  readonly #write: (line: string) => void;

  /** `console.log` by default: unlike `process.stdout` it survives a reader that has gone. */
  constructor(write: (line: string) => void = (line) => console.log(line)) {
    this.#write = write;
  }

  async send(spans: readonly FinishedSpan[]): Promise<SendResult> {
    for (const span of spans) this.#write(lineOf(span));
    return { status: 'accepted', rejected: 0 };
  }
}

function lineOf(span: FinishedSpan): string {
  const { traceId, spanId } = span.spanContext();
  return JSON.stringify({
    span: span.name,
    trace_id: traceId,
    span_id: spanId,
    parent_id: span.parentSpanContext?.spanId,
    kind: KINDS[span.kind],
    start: new Date(milliseconds(span.startTime)).toISOString(),
    duration_ms: milliseconds(span.duration),
    status: STATUSES[span.status.code],
    error: span.status.message,
    attributes: span.attributes,
    events: span.events.length > 0 ? span.events.map((event) => event.name) : undefined,
  });
}
