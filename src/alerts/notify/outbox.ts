import { unobserved } from '../../context/unobserved.js';
import { after } from '../../core/after.js';
import type { Clock } from '../../core/clock.js';
import { diagnostics, messageOf } from '../../core/diagnostics.js';
import { guard } from '../../core/guard.js';
import { backoffMs } from '../../traces/export/backoff.js';
import { type AlertSink, DeliveryError, type Message } from '../sinks/alert.js';

const TIMEOUT_MS = 3000;
const MAX_WAITING = 100;
const MAX_ATTEMPTS = 4;

/** What became of the messages of one sink: `taken = delivered + lost + waiting`. */
export interface OutboxCounts {
  readonly taken: number;
  readonly delivered: number;
  readonly lost: number;
  readonly waiting: number;
}

/**
 * The messages of one sink, one at a time, with a deadline each and a few more attempts. Bounded: when it is full the
 * oldest goes, as the newest says how things are. What is lost is counted and told; nothing is thrown, and nothing here
 * keeps the process alive.
 */
export class Outbox {
  readonly sink: AlertSink;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #waiting: Message[] = [];
  #counts = { taken: 0, delivered: 0, lost: 0 };
  #underWay: Promise<void> | undefined;
  /** Ends what is under way: an attempt, or the wait for the next. */
  #hurry: ((reason: string) => void) | undefined;
  #closed = false;

  constructor(sink: AlertSink, clock: Clock, random: () => number = Math.random) {
    this.sink = sink;
    this.#clock = clock;
    this.#random = random;
  }

  get counts(): OutboxCounts {
    const { taken, delivered, lost } = this.#counts;
    return { taken, delivered, lost, waiting: taken - delivered - lost };
  }

  put(message: Message): void {
    if (this.#closed) return;
    this.#counts.taken++;
    if (this.sink.pace === 'state') this.#replace();
    else if (this.#waiting.length >= MAX_WAITING) {
      this.#waiting.shift();
      this.#lost('full', `more than ${MAX_WAITING} messages wait`);
    }
    this.#waiting.push(message);
    this.#underWay ??= this.#work();
  }

  /** Resolves when all is delivered or given up, or the time is up. Takes nothing more after that. */
  async close(leftMs: number): Promise<void> {
    const cancel = after(this.#clock, Math.max(1, leftMs), () => this.#giveUp());
    await this.#underWay;
    cancel();
    this.#closed = true;
    guard(`close of alerts sink ${this.sink.name}`, () => this.sink.close?.());
  }

  /** A newer state has all that an older one says, so that one is not lost. */
  #replace(): void {
    this.#counts.taken -= this.#waiting.splice(0).length;
  }

  #giveUp(): void {
    this.#closed = true;
    this.#hurry?.('the process is shutting down');
  }

  async #work(): Promise<void> {
    for (let message = this.#waiting.shift(); message !== undefined; message = this.#waiting.shift())
      await this.#deliver(message);
    this.#underWay = undefined;
  }

  async #deliver(message: Message): Promise<void> {
    for (let attempts = 1; ; attempts++) {
      const failure = this.#closed
        ? new DeliveryError('the process is shutting down', false)
        : await this.#try(message);
      if (failure === undefined) {
        this.#counts.delivered++;
        return;
      }
      const again = !(failure instanceof DeliveryError) || failure.retryable;
      if (!again || attempts >= MAX_ATTEMPTS || this.#closed) return this.#lost('failed', messageOf(failure));
      const asked = failure instanceof DeliveryError ? failure.retryAfterMs : undefined;
      await this.#wait(asked ?? backoffMs(attempts, this.#random));
    }
  }

  /** The failure, if it was one. */
  async #try(message: Message): Promise<unknown> {
    const controller = new AbortController();
    const { signal } = controller;
    const late = new Promise<never>((_, reject) => {
      this.#hurry = (reason) => {
        controller.abort(new Error(reason));
        reject(new Error(reason));
      };
    });
    const hurry = this.#hurry;
    const cancel = after(this.#clock, TIMEOUT_MS, () => hurry?.(`no answer within ${TIMEOUT_MS} ms`));
    try {
      await Promise.race([unobserved(async () => this.sink.deliver(message, signal)), late]);
      return undefined;
    } catch (cause) {
      return cause ?? new Error('rejected with nothing');
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

  #lost(reason: string, why: string): void {
    this.#counts.lost++;
    const { name } = this.sink;
    diagnostics.drop('notifications', reason);
    diagnostics.warn(`alerts sink ${name}`, `an alert did not reach ${name}: ${why}`);
  }
}
