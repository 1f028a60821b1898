import { unobserved } from '../../context/unobserved.js';
import { after } from '../../core/after.js';
import type { Clock } from '../../core/clock.js';
import { messageOf } from '../../core/diagnostics.js';
import type { FinishedSpan } from './finished-span.js';
import type { SendResult, SpanSender } from './span-sender.js';

/** One attempt in flight. */
export interface Attempt {
  readonly result: Promise<SendResult>;
  abort(reason: string): void;
}

/** Starts one attempt, with one deadline over all of it. Its result always comes, whatever the sender does. */
export function attempt(sender: SpanSender, spans: readonly FinishedSpan[], clock: Clock, deadlineMs: number): Attempt {
  const controller = new AbortController();
  const { signal } = controller;
  const abort = (reason: string): void => controller.abort(new Error(reason));
  const cancel = after(clock, deadlineMs, () => abort(`no answer within ${deadlineMs} ms`));
  const sent = unobserved(async () => sender.send(spans, signal)).catch((cause) => refused(cause));
  const result = Promise.race([sent, ignored(signal)]).finally(cancel);
  return { result, abort };
}

function refused(cause: unknown): SendResult {
  return { status: 'rejected', reason: messageOf(cause) };
}

/** A sender that heeds the signal has settled before this does. */
function ignored(signal: AbortSignal): Promise<SendResult> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => setImmediate(() => resolve(refused(signal.reason))), { once: true });
  });
}
