import type { FinishedSpan } from './export/finished-span.js';
import type { KeptBecause } from './keep.js';

/** Ordinary traces must not push out the failed and the slow ones, so each kind has its own shelf. */
const SHELVES: Readonly<Record<KeptBecause, number>> = { error: 500, slow: 300, sampled: 200 };
/** What room is made of first. */
const CHEAPEST: readonly KeptBecause[] = ['sampled', 'slow', 'error'];
const MAX_SPANS = 1000;
/** On all shelves: some 10 MB. */
const MAX_ALL_SPANS = 10_000;

export interface Shelved {
  readonly because: KeptBecause;
  readonly spans: FinishedSpan[];
  readonly correlationId: string | undefined;
  revision: number;
}

/** Traces by ID, bounded in traces of each kind, in spans of each and in spans of all: the oldest of the least worth goes first. */
export class Shelves {
  readonly #shelves: Readonly<Record<KeptBecause, Map<string, Shelved>>> = {
    error: new Map(),
    slow: new Map(),
    sampled: new Map(),
  };
  #spans = 0;

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
    if (shelf.size > SHELVES[trace.because]) this.#removeOldest(trace.because);
    this.#makeRoom();
  }

  extend(trace: Shelved, spans: readonly FinishedSpan[]): void {
    const taken = spans.slice(0, MAX_SPANS - trace.spans.length);
    trace.spans.push(...taken);
    this.#spans += taken.length;
    this.#makeRoom();
  }

  remove(traceId: string): void {
    const trace = this.find(traceId);
    if (trace === undefined) return;
    this.#shelves[trace.because].delete(traceId);
    this.#spans -= trace.spans.length;
  }

  #makeRoom(): void {
    while (this.#spans > MAX_ALL_SPANS) {
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
