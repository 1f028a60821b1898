import { after } from '../../core/after.js';
import { type Clock, systemClock } from '../../core/clock.js';
import { diagnostics } from '../../core/diagnostics.js';
import { attempt } from './attempt.js';
import type { FinishedSpan } from './finished-span.js';
import { Flushes } from './flushes.js';
import { Accounts, type DropReason, type ExportLedger } from './ledger.js';
import { limitsFor, type QueueLimits } from './limits.js';
import { LossVoice, type Teller } from './loss-voice.js';
import { Pace } from './pace.js';
import type { SendResult, SpanSender } from './span-sender.js';

export interface QueueOptions extends Partial<QueueLimits> {
  readonly sender: SpanSender;
  readonly clock?: Clock;
  readonly diagnostics?: Teller;
  readonly random?: () => number;
}

interface Batch {
  readonly spans: readonly FinishedSpan[];
  attempts: number;
  firstMs: number;
  abort: (reason: string) => void;
}

/** An attempt without an answer for so long is trouble worth a word, even if its deadline is far. */
const STUCK_MS = 5000;
/** Who waits for `shutdown` with the same limit shall see it done. */
const MARGIN_MS = 100;
const NO_ANSWER = 'no answer in time';

/**
 * Finished spans on their way to one sender: bounded, batched, retried, and accounted for to the last one.
 *
 * Over the bound the newest are dropped, as the OpenTelemetry specification has it: what waits longest is of the moment
 * when the trouble began, and a span that was taken once keeps its place.
 */
export class ExportQueue {
  readonly #sender: SpanSender;
  readonly #clock: Clock;
  readonly #teller: Teller;
  readonly #limits: QueueLimits;
  readonly #voice: LossVoice;
  readonly #pace: Pace;
  readonly #flushes: Flushes;
  readonly #accounts = new Accounts();

  readonly #waiting: FinishedSpan[] = [];
  /** Failed, to be tried again before anything new. */
  readonly #again: Batch[] = [];
  readonly #inFlight = new Set<Batch>();
  readonly #stopTimer: () => void;
  #cancelWake: (() => void) | undefined;
  #filled: NodeJS.Immediate | undefined;
  /** Why the last attempt failed, for the words at the end. */
  #failure = NO_ANSWER;
  #closing: Promise<void> | undefined;

  constructor(options: QueueOptions) {
    const { sender, clock = systemClock, diagnostics: teller = diagnostics, random = Math.random, ...given } = options;
    this.#sender = sender;
    this.#clock = clock;
    this.#teller = teller;
    this.#limits = limitsFor(sender, given);
    this.#voice = new LossVoice(sender, clock, teller);
    this.#pace = new Pace(clock, random, this.#limits.maxInFlight);
    this.#flushes = new Flushes(clock);
    this.#stopTimer = clock.every(this.#limits.delayMs, () => this.#pump(true));
  }

  /** At every moment `ended = delivered + dropped + queued`. */
  get ledger(): ExportLedger {
    return this.#accounts.read(this.#queued);
  }

  /** Takes what has ended. Never throws, never waits, encodes nothing: this may run inside a request. */
  add(spans: readonly FinishedSpan[]): void {
    const { maxQueue, maxBatch } = this.#limits;
    this.#accounts.ended += spans.length;
    const closed = this.#closing !== undefined;
    const taken = spans.slice(0, closed ? 0 : Math.max(0, maxQueue - this.#queued));
    for (const span of taken) this.#waiting.push(span);
    const over = spans.length - taken.length;
    if (over > 0 && closed) this.#drop('shutdown', over, 'they ended after shutdown()');
    else if (over > 0) this.#drop('queue_full', over, `the queue of ${maxQueue} spans is full`);
    if (this.#waiting.length >= maxBatch) this.#filled ??= setImmediate(() => this.#onFilled()).unref();
  }

  /**
   * Resolves when all that had ended before is settled, when the time is up, or as soon as it is clear that nothing more
   * will be tried in that time.
   */
  async flush(deadlineMs: number): Promise<void> {
    if (!(await this.#drained(deadlineMs))) this.#voice.unsent(this.#failure);
  }

  /** Takes nothing more, sends what it can, gives up the rest. Never rejects; a second call gets the first one's promise. */
  shutdown(deadlineMs: number): Promise<void> {
    this.#closing ??= this.#drained(Math.max(0, deadlineMs - MARGIN_MS)).then(() => this.abandon());
    return this.#closing;
  }

  /**
   * Gives up at once what is left, and the sockets, so that the process can end. What was in flight may have arrived:
   * nobody will know, and it counts as lost.
   */
  abandon(): void {
    this.#closing ??= Promise.resolve();
    const left = this.#queued;
    const flying = [...this.#inFlight];
    this.#inFlight.clear();
    this.#waiting.length = 0;
    this.#again.length = 0;
    if (left > 0) this.#drop('shutdown', left, this.#failure);
    for (const batch of flying) batch.abort('shut down');
    this.#stopTimer();
    this.#cancelWake?.();
    this.#voice.stop();
    this.#sender.close?.();
    this.#tellFlushes();
  }

  #drained(deadlineMs: number): Promise<boolean> {
    if (this.#queued === 0) return Promise.resolve(true);
    this.#pace.hurry();
    const drained = this.#flushes.start(this.#accounts.ended, deadlineMs);
    this.#pump(true);
    this.#tellFlushes();
    return drained;
  }

  get #queued(): number {
    let spans = this.#waiting.length;
    for (const batch of this.#again) spans += batch.spans.length;
    for (const batch of this.#inFlight) spans += batch.spans.length;
    return spans;
  }

  #onFilled(): void {
    this.#filled = undefined;
    this.#pump(false);
  }

  /** Sends what may be sent now. `partly`: a batch need not be full. */
  #pump(partly: boolean): void {
    while (this.#inFlight.size < this.#pace.allowed) {
      const batch = this.#again.shift() ?? this.#nextBatch(partly);
      if (batch === undefined) return;
      void this.#send(batch);
    }
  }

  #nextBatch(partly: boolean): Batch | undefined {
    const { maxBatch } = this.#limits;
    if (this.#waiting.length < (partly ? 1 : maxBatch)) return undefined;
    const spans = this.#waiting.splice(0, maxBatch);
    return { spans, attempts: 0, firstMs: this.#clock.monotonic(), abort: () => {} };
  }

  /** Never rejects. */
  async #send(batch: Batch): Promise<void> {
    const beganMs = this.#clock.monotonic();
    batch.attempts++;
    this.#inFlight.add(batch);
    const running = attempt(this.#sender, batch.spans, this.#clock, this.#limits.deadlineMs);
    batch.abort = running.abort;
    const stuck = (): void => this.#voice.failing(`no answer for ${STUCK_MS / 1000} s`, beganMs);
    const cancelStuck = after(this.#clock, STUCK_MS, stuck);
    const result = await running.result;
    cancelStuck();
    if (!this.#inFlight.delete(batch)) return; // given up in the meantime
    this.#settle(batch, result, beganMs);
    this.#pump(this.#flushes.waiting);
    this.#tellFlushes();
  }

  #settle(batch: Batch, result: SendResult, beganMs: number): void {
    const count = batch.spans.length;
    if (result.status === 'retryable') {
      this.#failed(batch, result.reason, result.retryAfterMs, beganMs);
    } else if (result.status === 'rejected') {
      this.#pace.refused();
      this.#drop('rejected', count, result.reason);
    } else {
      const rejected = Math.min(count, Math.max(0, Math.trunc(result.rejected) || 0)); // a receiver may say anything
      this.#pace.taken();
      this.#failure = NO_ANSWER;
      this.#accounts.delivered += count - rejected;
      if (rejected > 0) this.#drop('partial', rejected, result.reason ?? 'the receiver took a part of the batch');
      else this.#voice.delivered();
    }
  }

  #failed(batch: Batch, reason: string, retryAfterMs: number | undefined, beganMs: number): void {
    const { maxAttempts, maxAgeMs } = this.#limits;
    this.#pace.failed(retryAfterMs);
    this.#failure = reason;
    const waitMs = this.#pace.quietMs;
    this.#cancelWake?.();
    this.#cancelWake = after(this.#clock, waitMs, () => this.#pump(this.#flushes.waiting));
    if (batch.attempts >= maxAttempts || this.#clock.monotonic() + waitMs - batch.firstMs > maxAgeMs) {
      this.#drop('retry_exhausted', batch.spans.length, reason);
    } else {
      this.#again.push(batch);
      this.#voice.failing(reason, beganMs);
    }
  }

  #drop(reason: DropReason, count: number, why: string): void {
    this.#accounts.drop(reason, count);
    this.#teller.drop('spans', reason, count);
    this.#voice.lost(`${why} (${reason})`, count);
  }

  #tellFlushes(): void {
    this.#flushes.settled(this.#accounts.settled);
    if (this.#inFlight.size === 0) this.#flushes.quiet(this.#pace.quietMs);
  }
}
