import { diagnostics } from '../core/diagnostics.js';
import { LatencyHistogram } from './latency.js';

/** Error types told apart in one slot; the rest count as `_other`. */
const MAX_ERROR_TYPES = 20;

/** What happened to one kind of work in ten seconds: how long it took and how it failed. Durations in ms. */
export class TimedSlot {
  /** Which ten seconds since the start of the monotonic clock; -1 as long as it is unused. */
  number = -1;
  errors = 0;
  sumMs = 0;
  maxMs = 0;
  latency: LatencyHistogram | undefined = undefined;
  byType: Map<string, number> | undefined = undefined;

  begin(number: number): void {
    this.number = number;
    this.errors = 0;
    this.sumMs = 0;
    this.maxMs = 0;
    this.latency?.reset();
    this.byType?.clear();
  }

  took(ms: number): void {
    if (ms > 0) this.sumMs += ms; // NaN would stay in the mean
    if (ms > this.maxMs) this.maxMs = ms;
    this.latency ??= new LatencyHistogram();
    if (!this.latency.record(ms)) diagnostics.drop('latency', 'clamped');
  }

  failed(type: string): void {
    this.errors++;
    this.byType ??= new Map();
    const kept = this.byType.has(type) || this.byType.size < MAX_ERROR_TYPES ? type : '_other';
    this.byType.set(kept, (this.byType.get(kept) ?? 0) + 1);
  }
}
