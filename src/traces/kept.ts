import type { FinishedSpan } from './export/finished-span.js';
import type { KeptBecause } from './keep.js';

/** A trace that was kept, as far as it ran in this process. */
export interface KeptTrace {
  readonly traceId: string;
  readonly correlationId: string | undefined;
  readonly because: KeptBecause;
  /** The local root's name, such as `GET /users/:id`. */
  readonly name: string;
  /** Epoch milliseconds. */
  readonly startedMs: number;
  readonly durationMs: number;
  readonly failed: boolean;
  /** In the order in which they ended: the local root is the last of those that it waited for. */
  readonly spans: readonly FinishedSpan[];
  /** The log lines of the same correlation ID, oldest first, as they were written. */
  readonly lines: readonly string[];
}

const MAX_TRACES = 200;
const MAX_REQUESTS = 1000;
const MAX_LINES = 100;

interface Entry {
  readonly because: KeptBecause;
  readonly spans: FinishedSpan[];
}

/**
 * The last kept traces and their log lines, in memory, for those who have no tracing server: at most 200 traces, and the
 * lines of the last 1000 requests, 100 of each. The oldest go first.
 */
export class KeptTraces {
  readonly #traces = new Map<string, Entry>();
  readonly #lines = new Map<string, string[]>();

  add(spans: readonly FinishedSpan[], because: KeptBecause): void {
    const traceId = spans[0]?.spanContext().traceId;
    if (traceId === undefined) return;
    const known = this.#traces.get(traceId);
    if (known !== undefined) known.spans.push(...spans);
    else this.#traces.set(traceId, { because, spans: [...spans] });
    forgetOldest(this.#traces, MAX_TRACES);
  }

  /** A log line, as it was written under that correlation ID. */
  line(correlationId: string, text: string): void {
    const lines = this.#lines.get(correlationId);
    if (lines === undefined) {
      this.#lines.set(correlationId, [text]);
      forgetOldest(this.#lines, MAX_REQUESTS);
    } else if (lines.length < MAX_LINES) {
      lines.push(text);
    }
  }

  /** Newest first. */
  list(): KeptTrace[] {
    return [...this.#traces].map(([traceId, entry]) => this.#describe(traceId, entry)).reverse();
  }

  #describe(traceId: string, { because, spans }: Entry): KeptTrace {
    const root = rootOf(spans);
    const correlationId = root.attributes['fourlights.correlation_id'];
    const id = typeof correlationId === 'string' ? correlationId : undefined;
    return {
      traceId,
      correlationId: id,
      because,
      name: root.name,
      startedMs: milliseconds(root.startTime),
      durationMs: milliseconds(root.duration),
      failed: root.status.code === 2,
      spans,
      lines: id === undefined ? [] : (this.#lines.get(id) ?? []),
    };
  }
}

/** The span whose parent is not among them; of several, the longest. */
function rootOf(spans: readonly FinishedSpan[]): FinishedSpan {
  const ids = new Set(spans.map((span) => span.spanContext().spanId));
  const roots = spans.filter((span) => !ids.has(span.parentSpanContext?.spanId ?? ''));
  return roots.reduce(
    (a, b) => (milliseconds(b.duration) > milliseconds(a.duration) ? b : a),
    roots[0] as FinishedSpan,
  );
}

function milliseconds([seconds, nanoseconds]: readonly [number, number]): number {
  return seconds * 1000 + nanoseconds / 1e6;
}

function forgetOldest(map: Map<string, unknown>, limit: number): void {
  if (map.size <= limit) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
