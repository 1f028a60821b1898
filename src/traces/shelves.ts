import type { FinishedSpan } from './export/finished-span.js';
import type { KeptBecause } from './keep.js';
import type { LinesOfRequest } from './request-lines.js';

/** Ordinary traces must not push out the failed and the slow ones, so each kind has its own shelf. */
const SHELVES: Readonly<Record<KeptBecause, number>> = { error: 500, slow: 300, sampled: 200 };
/** What room is made of first. */
const CHEAPEST: readonly KeptBecause[] = ['sampled', 'slow', 'error'];
const MAX_SPANS = 1000;
/** On all shelves: some 10 MB. */
const MAX_ALL_SPANS = 10_000;
/** Characters of lines of one trace, and on all shelves, as they were when they came. */
const MAX_LINES_LENGTH = 1024 * 1024;
const MAX_ALL_LINES_LENGTH = 8 * 1024 * 1024;

export interface Shelved {
  readonly because: KeptBecause;
  readonly spans: FinishedSpan[];
  readonly correlationId: string | undefined;
  /** Of each request in it, to which lines that come later are still added. */
  readonly lines: LinesOfRequest[];
  /** Characters of `lines` when they came. */
  linesLength: number;
  revision: number;
}

/** Those of a request that would be too many for one trace are left out. */
export function addLines(trace: Pick<Shelved, 'lines' | 'linesLength'>, more: LinesOfRequest): void {
  if (trace.linesLength + more.length > MAX_LINES_LENGTH) return;
  trace.lines.push(more);
  trace.linesLength += more.length;
}

/** Traces by ID, bounded in traces of each kind, in spans of each and in spans of all: the oldest of the least worth goes first. */
export class Shelves {
  readonly #shelves: Readonly<Record<KeptBecause, Map<string, Shelved>>> = {
    error: new Map(),
    slow: new Map(),
    sampled: new Map(),
  };
  #spans = 0;
  #linesLength = 0;

  find(traceId: string): Shelved | undefined {
    const { error, slow, sampled } = this.#shelves;
    return error.get(traceId) ?? slow.get(traceId) ?? sampled.get(traceId);
  }

  all(): [traceId: string, Shelved][] {
    return Object.values(this.#shelves).flatMap((shelf) => [...shelf]);
  }

  put(traceId: string, trace: Shelved): void {
    const shelf = this.#shelves[trace.because].set(traceId, trace);
    trace.spans.length = Math.min(trace.spans.length, MAX_SPANS);
    this.#spans += trace.spans.length;
    this.#linesLength += trace.linesLength;
    if (shelf.size > SHELVES[trace.because]) this.#removeOldest(trace.because);
    this.#makeRoom();
  }

  extend(trace: Shelved, spans: readonly FinishedSpan[], lines: readonly LinesOfRequest[]): void {
    const taken = spans.slice(0, MAX_SPANS - trace.spans.length);
    trace.spans.push(...taken);
    this.#spans += taken.length;
    const before = trace.linesLength;
    for (const each of lines) addLines(trace, each);
    this.#linesLength += trace.linesLength - before;
    this.#makeRoom();
  }

  remove(traceId: string): void {
    const trace = this.find(traceId);
    if (trace === undefined) return;
    this.#shelves[trace.because].delete(traceId);
    this.#spans -= trace.spans.length;
    this.#linesLength -= trace.linesLength;
  }

  #makeRoom(): void {
    while (this.#spans > MAX_ALL_SPANS || this.#linesLength > MAX_ALL_LINES_LENGTH) {
      const kind = CHEAPEST.find((one) => this.#shelves[one].size > 0);
      if (kind === undefined) return;
      this.#removeOldest(kind);
    }
  }

  #removeOldest(kind: KeptBecause): void {
    const [oldest] = this.#shelves[kind].keys();
    if (oldest !== undefined) this.remove(oldest);
  }
}
