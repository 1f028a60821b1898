import { after } from './after.js';
import { backoffMs } from './backoff.js';
import type { Clock } from './clock.js';
import { reasonOf } from './http-request.js';

const TIMEOUT_MS = 3000;
const MAX_WAITING = 100;
const MAX_ATTEMPTS = 4;
const SHUTTING_DOWN = 'the process is shutting down';

/** It did not get there. Any other error counts as one that may be tried again. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  /** False: it would be refused again. */
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retryable: boolean, retryAfterMs?: number) {
    super(message);
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
  }
}

/** `queue_full`: newer ones took its place. `failed`: refused, or tried as often as it may be. `shutdown`: no time was left. */
export type LossReason = 'queue_full' | 'failed' | 'shutdown';

export interface Recipient<T> {
  /** Resolves when it has got there and rejects when not; called for one at a time, again after a failure that may pass. */
  deliver(item: T, signal: AbortSignal): void | Promise<void>;
  /** Told of each that is given up: to be counted and told. */
  lost(item: T, reason: LossReason, why: string): void;
  close?(): void;
}

export interface OutboxOptions {
  readonly clock: Clock;
  readonly random?: (() => number) | undefined;
  /** Of each, the first included. @default 4 */
  readonly attempts?: number | undefined;
  /** A newer one says all that an older one does: one alone waits, and none is lost by that. @default false */
  readonly newestOnly?: boolean | undefined;
}

/** `taken = delivered + lost + waiting`. */
export interface OutboxCounts {
  readonly taken: number;
  readonly delivered: number;
  readonly lost: number;
  readonly waiting: number;
}

/**
 * What is on its way to one recipient: one at a time, in order, with a deadline for each attempt and a few more attempts.
 * Bounded: when it is full the oldest goes, as the newest says how things are. Nothing is thrown, and nothing here keeps
 * the process alive.
 */
export class Outbox<T extends object> {
  readonly #recipient: Recipient<T>;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #attempts: number;
  readonly #newestOnly: boolean;
  readonly #waiting: T[] = [];
  #counts = { taken: 0, delivered: 0, lost: 0 };
  #underWay: Promise<void> | undefined;
  /** Ends what is under way: an attempt, or the wait for the next. */
  #hurry: ((reason: string) => void) | undefined;
  #closed = false;

  constructor(recipient: Recipient<T>, options: OutboxOptions) {
    const { clock, random = Math.random, attempts = MAX_ATTEMPTS, newestOnly = false } = options;
    this.#recipient = recipient;
    this.#clock = clock;
    this.#random = random;
    this.#attempts = attempts;
    this.#newestOnly = newestOnly;
  }

  get counts(): OutboxCounts {
    const { taken, delivered, lost } = this.#counts;
    return { taken, delivered, lost, waiting: taken - delivered - lost };
  }

  put(item: T): void {
    if (this.#closed) return;
    this.#counts.taken++;
    if (this.#newestOnly) this.#counts.taken -= this.#waiting.splice(0).length;
    const oldest = this.#waiting.length >= MAX_WAITING ? this.#waiting.shift() : undefined;
    if (oldest !== undefined) this.#lost(oldest, 'queue_full', `more than ${MAX_WAITING} wait`);
    this.#waiting.push(item);
    this.#underWay ??= this.#work();
  }

  /** Resolves when all that waits is delivered or given up. */
  async flush(): Promise<void> {
    await this.#underWay;
  }

  /** As `flush`, and gives up what is left when the time is up. Takes nothing more after that. */
  async close(leftMs: number): Promise<void> {
    if (leftMs <= 0) this.#giveUp();
    const cancel = after(this.#clock, Math.max(1, leftMs), () => this.#giveUp());
    await this.#underWay;
    cancel();
    this.#closed = true;
    this.#recipient.close?.();
  }

  #giveUp(): void {
    this.#closed = true;
    this.#hurry?.(SHUTTING_DOWN);
  }

  async #work(): Promise<void> {
    for (let item = this.#waiting.shift(); item !== undefined; item = this.#waiting.shift()) await this.#deliver(item);
    this.#underWay = undefined;
  }

  async #deliver(item: T): Promise<void> {
    for (let attempts = 1; !this.#closed; attempts++) {
      const failure = await this.#try(item);
      if (failure === undefined) {
        this.#counts.delivered++;
        return;
      }
      if (this.#closed) break;
      const { retryable, retryAfterMs } = failure;
      if (!retryable || attempts >= this.#attempts) return this.#lost(item, 'failed', failure.message);
      await this.#wait(retryAfterMs ?? backoffMs(attempts, this.#random));
    }
    this.#lost(item, 'shutdown', SHUTTING_DOWN);
  }

  /** The failure, if it was one. Does not wait for a recipient that does not heed its signal. */
  async #try(item: T): Promise<DeliveryError | undefined> {
    const controller = new AbortController();
    const { signal } = controller;
    const ended = new Promise<never>((_, reject) => {
      this.#hurry = (reason) => {
        controller.abort(new Error(reason));
        reject(signal.reason);
      };
    });
    const hurry = this.#hurry;
    const cancel = after(this.#clock, TIMEOUT_MS, () => hurry?.(`no answer within ${TIMEOUT_MS} ms`));
    try {
      await Promise.race([this.#recipient.deliver(item, signal), ended]);
      return undefined;
    } catch (cause) {
      return cause instanceof DeliveryError ? cause : new DeliveryError(reasonOf(cause), true);
    } finally {
      cancel();
      this.#hurry = undefined;
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = after(this.#clock, ms, resolve);
      this.#hurry = () => {
        cancel();
        resolve();
      };
    });
  }

  #lost(item: T, reason: LossReason, why: string): void {
    this.#counts.lost++;
    this.#recipient.lost(item, reason, why);
  }
}
