import { CORRELATION_ID } from '../core/attributes.js';
import type { FinishedSpan } from './export/finished-span.js';
import type { KeptBecause } from './keep.js';
import { RequestLines } from './request-lines.js';

/** A trace that was kept, as far as it ran in this process. */
export interface KeptTrace {
  /** 32 lower-case hex digits. */
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
  /** Grows with every change to any trace: what a reader has seen up to. */
  readonly revision: number;
}

/** Ordinary traces must not push out the failed and the slow ones, so each kind has its own shelf. */
const SHELVES: Readonly<Record<KeptBecause, number>> = { error: 100, slow: 60, sampled: 40 };
const RANKS: Readonly<Record<KeptBecause, number>> = { error: 0, slow: 1, sampled: 2 };
const MAX_SPANS = 1000;

interface Entry {
  readonly because: KeptBecause;
  readonly spans: FinishedSpan[];
  readonly correlationId: string | undefined;
  /** Lines that come later are still added to it, for a while. */
  readonly lines: readonly string[];
  revision: number;
}

/**
 * The last kept traces and their log lines, in memory, for those who have no tracing server: the last 100 that failed, 60
 * slow ones and 40 others.
 */
export class KeptTraces {
  readonly #shelves: Readonly<Record<KeptBecause, Map<string, Entry>>> = {
    error: new Map(),
    slow: new Map(),
    sampled: new Map(),
  };
  readonly #lines = new RequestLines();
  #revision = 0;

  /** Of what has changed last. */
  get revision(): number {
    return this.#revision;
  }

  add(spans: readonly FinishedSpan[], because: KeptBecause): void {
    const [first] = spans;
    if (first === undefined) return;
    const { traceId } = first.spanContext();
    const known = this.#entry(traceId);
    if (known === undefined) {
      this.#shelve(traceId, spans.slice(0, MAX_SPANS), because);
    } else if (known.correlationId === undefined && RANKS[because] < RANKS[known.because]) {
      // What other services sent of it came first, and could not know how it would end here.
      this.#shelves[known.because].delete(traceId);
      this.#shelve(traceId, [...known.spans, ...spans].slice(0, MAX_SPANS), because);
    } else {
      known.spans.push(...spans.slice(0, MAX_SPANS - known.spans.length));
      known.revision = ++this.#revision;
    }
  }

  /** Spans of one trace that other services have sent: they join what is kept of it here. Those known already are passed over. */
  join(spans: readonly FinishedSpan[]): void {
    const [first] = spans;
    if (first === undefined) return;
    const known = this.#entry(first.spanContext().traceId)?.spans ?? [];
    const ids = new Set(known.map((span) => span.spanContext().spanId));
    const news = spans.filter((span) => !ids.has(span.spanContext().spanId));
    this.add(news, news.some(({ status }) => status.code === 2) ? 'error' : 'sampled');
  }

  find(traceId: string): KeptTrace | undefined {
    const entry = this.#entry(traceId);
    return entry && described(traceId, entry);
  }

  #entry(traceId: string): Entry | undefined {
    const { error, slow, sampled } = this.#shelves;
    return error.get(traceId) ?? slow.get(traceId) ?? sampled.get(traceId);
  }

  /** A log line, as it was written. */
  line(text: string): void {
    this.#lines.add(text);
  }

  /** Newest first. */
  list(): KeptTrace[] {
    return Object.values(this.#shelves)
      .flatMap((shelf) => [...shelf].map(([traceId, entry]) => described(traceId, entry)))
      .sort((a, b) => b.startedMs - a.startedMs);
  }

  #shelve(traceId: string, spans: FinishedSpan[], because: KeptBecause): void {
    const given = spans.at(-1)?.attributes[CORRELATION_ID]; // of the local root, which ends last
    const correlationId = typeof given === 'string' ? given : undefined;
    const lines = correlationId === undefined ? [] : this.#lines.of(correlationId);
    const entry = { because, spans, correlationId, lines, revision: ++this.#revision };
    const shelf = this.#shelves[because].set(traceId, entry);
    if (shelf.size <= SHELVES[because]) return;
    for (const oldest of shelf.keys()) {
      shelf.delete(oldest);
      return;
    }
  }
}

function described(traceId: string, { because, spans, correlationId, lines, revision }: Entry): KeptTrace {
  const root = rootOf(spans);
  return {
    traceId,
    correlationId,
    because,
    name: root.name,
    startedMs: milliseconds(root.startTime),
    durationMs: milliseconds(root.duration),
    failed: root.status.code === 2,
    spans,
    lines,
    revision,
  };
}

/** The span whose parent is not among them; of several, the longest. Spans that others have sent may go round. */
function rootOf(spans: readonly FinishedSpan[]): FinishedSpan {
  const ids = new Set(spans.map((span) => span.spanContext().spanId));
  const roots = spans.filter((span) => !ids.has(span.parentSpanContext?.spanId ?? ''));
  const candidates = roots.length > 0 ? roots : spans;
  return candidates.reduce((a, b) => (milliseconds(b.duration) > milliseconds(a.duration) ? b : a)); // no trace is kept without a span
}

function milliseconds([seconds, nanoseconds]: readonly [number, number]): number {
  return seconds * 1000 + nanoseconds / 1e6;
}
