export interface QueueLimits {
  /** Spans held at most, those in flight included. */
  readonly maxQueue: number;
  readonly maxBatch: number;
  /** The longest that a span waits for its batch to fill. */
  readonly delayMs: number;
  /** Requests at the same time to a receiver that is well; one that is not gets one. */
  readonly maxInFlight: number;
  /** One attempt takes at most this, and at most the sender's own `timeoutMs`. */
  readonly deadlineMs: number;
  readonly maxAttempts: number;
  /** From the first attempt on; after it a batch is given up. */
  readonly maxAgeMs: number;
}

export const defaultLimits: QueueLimits = {
  maxQueue: 2048,
  maxBatch: 512,
  delayMs: 1000,
  maxInFlight: 4,
  deadlineMs: 10_000,
  maxAttempts: 10,
  maxAgeMs: 120_000,
};

/** A sender may ask for less than the queue would allow, never for more. */
export function limitsFor(
  sender: { readonly timeoutMs: number; readonly maxBatch?: number; readonly maxInFlight?: number },
  given: Partial<QueueLimits>,
): QueueLimits {
  const limits = { ...defaultLimits, ...given };
  return {
    ...limits,
    maxBatch: Math.min(limits.maxBatch, limits.maxQueue, sender.maxBatch ?? limits.maxBatch),
    maxInFlight: Math.min(limits.maxInFlight, sender.maxInFlight ?? limits.maxInFlight),
    deadlineMs: Math.min(limits.deadlineMs, sender.timeoutMs),
  };
}
