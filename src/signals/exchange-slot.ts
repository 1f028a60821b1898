import type { AbortPhase, Exchange } from '../core/exchange.js';
import { LatencyHistogram } from './latency.js';
import { TimedSlot } from './timed-slot.js';

/** Above this, the last byte left so much later than the first that the response counts as streamed. */
const STREAMED_MS = 10;

/** What happened in ten seconds of one route. */
export class ExchangeSlot extends TimedSlot {
  /** All exchanges that ended, aborted ones included. */
  ended = 0;
  abortedBeforeHeaders = 0;
  abortedMidResponse = 0;
  firstByteSumMs = 0;
  firstByteMaxMs = 0;
  firstByte: LatencyHistogram | undefined = undefined;

  override begin(number: number): void {
    super.begin(number);
    this.ended = 0;
    this.abortedBeforeHeaders = 0;
    this.abortedMidResponse = 0;
    this.firstByteSumMs = 0;
    this.firstByteMaxMs = 0;
    this.firstByte?.reset();
  }

  record(exchange: Exchange): void {
    this.ended++;
    if (exchange.outcome === 'aborted') {
      this.#aborted(exchange.abortPhase);
      return;
    }
    this.took(exchange.durationMs);
    if (exchange.lastByteMs - exchange.firstByteMs > STREAMED_MS)
      this.#streamed(exchange.firstByteMs - exchange.startedMs);
    if (exchange.outcome === 'error') this.failed(exchange.errorType ?? 'Error');
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
}
