import type { FinishedSpan } from './finished-span.js';

/** What became of one batch. */
export type SendResult =
  /** The receiver has it. `rejected` spans of it were refused by a receiver that took the rest. */
  | { readonly status: 'accepted'; readonly rejected: number; readonly reason?: string }
  /** Not delivered; trying again may help. `retryAfterMs`: the receiver asked for that much quiet. */
  | { readonly status: 'retryable'; readonly reason: string; readonly retryAfterMs?: number }
  /** Not delivered, and the same bytes would not be another time. */
  | { readonly status: 'rejected'; readonly reason: string };

/** Where batches go. Retry, deadline and accounting are the queue's: a sender makes one attempt. */
export interface SpanSender {
  readonly name: string;
  /** For people to read: without user name, password and query. */
  readonly endpoint: string;
  /** How long one attempt may take. */
  readonly timeoutMs: number;
  /** Spans in one attempt; the queue's own limit when left out. With 1, nothing waits for a batch to fill. */
  readonly maxBatch?: number;
  /** Attempts at the same time; the queue's own limit when left out. */
  readonly maxInFlight?: number;
  /**
   * Makes one attempt. Never rejects. Settles at once when `signal` aborts; one that does not is taken for rejected,
   * because nobody can know what it will still do.
   */
  send(spans: readonly FinishedSpan[], signal: AbortSignal): Promise<SendResult>;
  /** Rejects when it can never send, as a package is missing: for those who want to know it at start. */
  ready?(): Promise<void>;
  /** Gives up its sockets. Called once, after the last `send`. */
  close?(): void;
}
