import { diagnostics } from '../core/diagnostics.js';
import type { AbortPhase, Exchange } from '../core/exchange.js';
import { LatencyHistogram } from './latency.js';

export const SLOT_MS = 10_000;
export const SLOTS = 6;
/** Above this, the last byte left so much later than the first that the response counts as streamed. */
const STREAMED_MS = 10;
/** Error types told apart in one slot; the rest count as `_other`. */
const MAX_ERROR_TYPES = 20;

/** What happened in ten seconds of one route. Durations in ms. */
export class WindowSlot {
  /** Which ten seconds since the start of the monotonic clock; -1 as long as it is unused. */
  number = -1;
  /** All exchanges that ended, aborted ones included. */
  ended = 0;
  errors = 0;
  abortedBeforeHeaders = 0;
  abortedMidResponse = 0;
  sumMs = 0;
  maxMs = 0;
  latency: LatencyHistogram | undefined = undefined;
  firstByteSumMs = 0;
  firstByteMaxMs = 0;
  firstByte: LatencyHistogram | undefined = undefined;
  byType: Map<string, number> | undefined = undefined;

  begin(number: number): void {
    this.number = number;
    this.ended = 0;
    this.errors = 0;
    this.abortedBeforeHeaders = 0;
    this.abortedMidResponse = 0;
    this.sumMs = 0;
    this.maxMs = 0;
    this.latency?.reset();
    this.firstByteSumMs = 0;
    this.firstByteMaxMs = 0;
    this.firstByte?.reset();
    this.byType?.clear();
  }

  record(exchange: Exchange): void {
    this.ended++;
    if (exchange.outcome === 'aborted') {
      this.#aborted(exchange.abortPhase);
      return;
    }
    const ms = exchange.durationMs;
    if (ms > 0) this.sumMs += ms; // NaN would stay in the mean
    if (ms > this.maxMs) this.maxMs = ms;
    this.latency ??= new LatencyHistogram();
    if (!this.latency.record(ms)) diagnostics.drop('latency', 'clamped');
    if (exchange.lastByteMs - exchange.firstByteMs > STREAMED_MS)
      this.#streamed(exchange.firstByteMs - exchange.startedMs);
    if (exchange.outcome === 'error') this.#failed(exchange.errorType ?? 'Error');
  }

  #aborted(phase: AbortPhase | undefined): void {
    if (phase === 'mid_response') this.abortedMidResponse++;
    else this.abortedBeforeHeaders++;
  }

  #streamed(firstByteMs: number): void {
    if (firstByteMs > 0) this.firstByteSumMs += firstByteMs;
    if (firstByteMs > this.firstByteMaxMs) this.firstByteMaxMs = firstByteMs;
    this.firstByte ??= new LatencyHistogram();
    this.firstByte.record(firstByteMs);
  }

  #failed(type: string): void {
    this.errors++;
    this.byType ??= new Map();
    const kept = this.byType.has(type) || this.byType.size < MAX_ERROR_TYPES ? type : '_other';
    this.byType.set(kept, (this.byType.get(kept) ?? 0) + 1);
  }
}

/**
 * The last minute of one route: a ring of six slots of ten seconds, each reset by the first exchange that ends in it.
 * No timer, so an idle route costs nothing; the slot number comes from the monotonic clock, so neither a stalled loop
 * nor a jump of the wall clock can mix two minutes up.
 */
export class RollingWindow {
  readonly #slots: readonly WindowSlot[] = Array.from({ length: SLOTS }, () => new WindowSlot());

  record(exchange: Exchange): void {
    const number = Math.floor(exchange.lastByteMs / SLOT_MS);
    const slot = this.#slots[number % SLOTS];
    if (slot === undefined || number < slot.number) return; // closed a minute or more after its last byte: HTTP/2 can
    if (slot.number !== number) slot.begin(number);
    slot.record(exchange);
  }

  /** The slots that still count at `nowMs` for a window of that many slots, the current one included. */
  live(nowMs: number, slots: number): WindowSlot[] {
    const current = Math.floor(nowMs / SLOT_MS);
    return this.#slots.filter((slot) => slot.number >= 0 && slot.number > current - slots && slot.number <= current);
  }
}

/** The seconds that such a window really covers: the current slot is under way, and nothing is older than `startedMs`. */
export function coveredSeconds(nowMs: number, slots: number, startedMs: number): number {
  const windowBegan = (Math.floor(nowMs / SLOT_MS) - (slots - 1)) * SLOT_MS;
  return (nowMs - Math.max(windowBegan, startedMs)) / 1000;
}
