import { CORRELATION_ID } from '../core/attributes.js';
import { type FinishedSpan, milliseconds } from './export/finished-span.js';
import { JoinedLines } from './joined-lines.js';
import { type KeptBecause, LINES } from './keep.js';
import type { LinesOfRequest } from './request-lines.js';
import { addLines, type Shelved, Shelves } from './shelves.js';

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
  /** The log lines written in its requests and those that other services have sent, oldest first, as they were written. */
  readonly lines: readonly string[];
  /** Grows with every change to any trace: what a reader has seen up to. */
  readonly revision: number;
}

type Lined = FinishedSpan & { [LINES]?: LinesOfRequest | undefined };

const RANKS: Readonly<Record<KeptBecause, number>> = { error: 0, slow: 1, sampled: 2 };

/**
 * The last kept traces and their log lines, in memory, for those who have no tracing server: the last 500 that failed, 300
 * slow ones and 200 others, of at most 10,000 spans.
 */
export class KeptTraces {
  readonly #shelves = new Shelves();
  readonly #joined = new JoinedLines();
  #revision = 0;

  /** Of what has changed last. */
  get revision(): number {
    return this.#revision;
  }

  add(spans: readonly FinishedSpan[], because: KeptBecause): void {
    const [first] = spans;
    if (first === undefined) return;
    const { traceId } = first.spanContext();
    const known = this.#shelves.find(traceId);
    if (known === undefined) {
      this.#shelve(traceId, [...spans], because, taken(spans));
    } else if (known.correlationId === undefined && RANKS[because] < RANKS[known.because]) {
      // What other services sent of it came first, and could not know how it would end here.
      this.#shelves.remove(traceId);
      this.#shelve(traceId, [...known.spans, ...spans], because, [...known.lines, ...taken(spans)]);
    } else {
      this.#shelves.extend(known, spans, taken(spans));
      known.revision = ++this.#revision;
    }
  }

  /** Spans of one trace that other services have sent: they join what is kept of it here. Those known already are passed over. */
  join(spans: readonly FinishedSpan[]): void {
    const [first] = spans;
    if (first === undefined) return;
    const known = this.#shelves.find(first.spanContext().traceId)?.spans ?? [];
    const ids = new Set(known.map((span) => span.spanContext().spanId));
    const news = spans.filter((span) => !ids.has(span.spanContext().spanId));
    this.add(news, news.some(({ status }) => status.code === 2) ? 'error' : 'sampled');
  }

  /** A log line of a trace that another service has sent, written as ours are. */
  joinLine(traceId: string, text: string): void {
    this.#joined.add(traceId, text);
    const known = this.#shelves.find(traceId);
    if (known !== undefined) known.revision = ++this.#revision;
  }

  find(traceId: string): KeptTrace | undefined {
    const trace = this.#shelves.find(traceId);
    return trace && this.#told(traceId, trace);
  }

  /** Newest first. */
  list(): KeptTrace[] {
    return this.#shelves
      .all()
      .map(([traceId, trace]) => this.#told(traceId, trace))
      .sort((a, b) => b.startedMs - a.startedMs);
  }

  #told(traceId: string, trace: Shelved): KeptTrace {
    return described(
      traceId,
      trace,
      merged([...trace.lines.map(({ lines }) => lines), this.#joined.of(traceId) ?? []]),
    );
  }

  #shelve(traceId: string, spans: FinishedSpan[], because: KeptBecause, lines: readonly LinesOfRequest[]): void {
    const given = spans.at(-1)?.attributes[CORRELATION_ID]; // of the local root, which ends last
    const correlationId = typeof given === 'string' ? given : undefined;
    const trace: Shelved = { because, spans, correlationId, lines: [], linesLength: 0, revision: ++this.#revision };
    for (const each of lines) addLines(trace, each);
    this.#shelves.put(traceId, trace);
  }
}

/** The lines of each request among them, which a span gives up: it may wait for an exporter for long. */
function taken(spans: readonly Lined[]): LinesOfRequest[] {
  return spans.flatMap((span) => {
    const lines = span[LINES];
    if (lines === undefined) return [];
    span[LINES] = undefined;
    return [lines];
  });
}

/** Those of several in the order of the times that stand in them. */
function merged(lists: readonly (readonly string[])[]): readonly string[] {
  const filled = lists.filter((list) => list.length > 0).map((list) => list.map((text) => text.trimEnd()));
  const [only = []] = filled;
  if (filled.length <= 1) return only;
  return filled
    .flat()
    .map((text) => ({ text, time: fieldIn(text, '"timestamp":"') ?? '' }))
    .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
    .map(({ text }) => text);
}

function fieldIn(text: string, key: string): string | undefined {
  const start = text.indexOf(key);
  if (start === -1) return undefined;
  const end = text.indexOf('"', start + key.length);
  return end === -1 ? undefined : text.slice(start + key.length, end);
}

function described(traceId: string, trace: Shelved, lines: readonly string[]): KeptTrace {
  const { because, spans, correlationId, revision } = trace;
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
