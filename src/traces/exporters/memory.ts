import type { FinishedSpan } from '../export/finished-span.js';
import type { SendResult, SpanSender } from '../export/span-sender.js';

const MAX_SPANS = 10_000;

/** Keeps the spans, for tests. Bounded: what does not fit is refused and so counted. */
export class MemorySender implements SpanSender {
  readonly name = 'memory';
  readonly endpoint = 'memory';
  readonly timeoutMs = 1000;
  readonly maxBatch = 1;
  readonly spans: FinishedSpan[] = [];

  async send(spans: readonly FinishedSpan[]): Promise<SendResult> {
    const taken = spans.slice(0, MAX_SPANS - this.spans.length);
    this.spans.push(...taken);
    return { status: 'accepted', rejected: spans.length - taken.length, reason: `memory holds ${MAX_SPANS} spans` };
  }

  reset(): void {
    this.spans.length = 0;
  }
}
