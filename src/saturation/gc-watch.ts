import { type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { slot } from '../core/slot.js';

/** As `v8js.gc.type` of the semantic conventions has them. */
export type GcKind = 'minor' | 'major' | 'incremental' | 'weakcb';

/** `entry.detail.kind`, a V8 constant. 2 is the minor mark-sweep of newer lines. */
const KINDS: Readonly<Record<number, GcKind>> = { 1: 'minor', 2: 'minor', 4: 'major', 8: 'incremental', 16: 'weakcb' };

/** Seconds: the bucket edges that the semantic conventions give for `v8js.gc.duration`. */
const BOUNDARIES: readonly number[] = [0.01, 0.1, 1, 10];

/** Pauses of one kind since the watch began. Plain numbers that only grow; the object stays the same. */
export class GcTotals {
  readonly kind: GcKind;
  count = 0;
  seconds = 0;
  readonly boundaries = BOUNDARIES;
  /** `counts[i]`: pauses above boundary `i - 1`, up to and including boundary `i`; the last is open. */
  readonly counts: Float64Array = new Float64Array(BOUNDARIES.length + 1);

  constructor(kind: GcKind) {
    this.kind = kind;
  }

  add(seconds: number): void {
    let bucket = 0;
    while (bucket < BOUNDARIES.length && seconds > (BOUNDARIES[bucket] as number)) bucket++;
    (this.counts[bucket] as number)++;
    this.count++;
    this.seconds += seconds;
  }
}

/** The one listener to V8's garbage collections, however many probes there are; it listens as long as there is one. */
export class GcWatch {
  readonly totals: Readonly<Record<GcKind, GcTotals>> = {
    minor: new GcTotals('minor'),
    major: new GcTotals('major'),
    incremental: new GcTotals('incremental'),
    weakcb: new GcTotals('weakcb'),
  };
  #observer: PerformanceObserver | undefined;
  #users = 0;

  open(): void {
    this.#users++;
    if (this.#observer !== undefined) return;
    // A callback gets a batch. Whoever takes its first entry alone loses most of a burst.
    this.#observer = new PerformanceObserver((list) => this.#take(list.getEntries()));
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** Takes in what has been delivered to the observer and waits for its callback. */
  catchUp(): void {
    this.#take(this.#observer?.takeRecords() ?? []);
  }

  close(): void {
    this.#users--;
    if (this.#users > 0) return;
    this.#observer?.disconnect();
    this.#observer = undefined;
  }

  #take(entries: readonly PerformanceEntry[]): void {
    for (const entry of entries) {
      const detail: unknown = 'detail' in entry ? entry.detail : undefined;
      const kind = typeof detail === 'object' && detail !== null && 'kind' in detail ? detail.kind : undefined;
      const known = typeof kind === 'number' ? KINDS[kind] : undefined;
      if (known !== undefined) this.totals[known].add(entry.duration / 1e3);
    }
  }
}

export const gcWatch: GcWatch = slot('saturation.gc', () => new GcWatch());

/** Pauses since the start by kind, for export; zeros as long as no probe has asked for them. */
export function gcTotals(): readonly GcTotals[] {
  return Object.values(gcWatch.totals);
}
