import { after } from '../../core/after.js';
import { atOnce } from '../../core/at-once.js';
import type { Clock } from '../../core/clock.js';
import { diagnostics } from '../../core/diagnostics.js';
import { guard } from '../../core/guard.js';
import { reasonOf } from '../../core/http-request.js';
import type { AnyEvent, Writer } from './writer.js';

const MAX_WAITING = 100;
const TIMEOUT_MS = 3000;
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 1000;

/**
 * Brings events to one writer: one at a time, in their order, a few attempts each, within bounds. What the fleet has decided
 * was written where it was decided. `add` is a sink for `Rollouts`; it never throws and never waits.
 */
export class Delivery {
  readonly #writer: Writer;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #waiting: AnyEvent[] = [];
  #running: Promise<void> | undefined;
  #stop = new AbortController();

  constructor(writer: Writer, clock: Clock, random: () => number = Math.random) {
    this.#writer = writer;
    this.#clock = clock;
    this.#random = random;
  }

  readonly add = (event: AnyEvent): void => {
    if (event.by === 'fleet' || this.#stop.signal.aborted || !this.#wants(event)) return;
    if (this.#waiting.length >= MAX_WAITING) {
      this.#waiting.shift();
      this.#lost('queue_full', `more than ${MAX_WAITING} wait`);
    }
    this.#waiting.push(event);
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  };

  /** Resolves when all is written or given up. */
  async flush(): Promise<void> {
    await this.#running;
  }

  /** Gives up what waits. */
  async stop(): Promise<void> {
    const left = this.#waiting.splice(0).length;
    if (left > 0) diagnostics.drop('rollouts', 'shutdown', left);
    this.#stop.abort(new Error('shut down'));
    await this.#running;
    guard(`close of ${this.#writer.name}`, () => this.#writer.close?.());
  }

  #wants(event: AnyEvent): boolean {
    return atOnce(`rollouts writer ${this.#writer.name}`, this.#writer.wants(event)) === true;
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift()) {
      for (let attempt = 1; ; attempt++) {
        const failure = await this.#attempt(event);
        if (failure === undefined) break;
        if (attempt >= ATTEMPTS || this.#stop.signal.aborted) {
          this.#lost('not_written', `${event.event} of flag "${event.flag}": ${failure}`);
          break;
        }
        await this.#pause(FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + this.#random()));
      }
    }
  }

  async #attempt(event: AnyEvent): Promise<string | undefined> {
    const controller = new AbortController();
    const abort = (): void => controller.abort(this.#stop.signal.reason);
    this.#stop.signal.addEventListener('abort', abort, { once: true });
    const late = (): void => controller.abort(new Error(`no answer within ${TIMEOUT_MS} ms`));
    const cancel = after(this.#clock, TIMEOUT_MS, late);
    try {
      await this.#writer.write(event, controller.signal);
      return undefined;
    } catch (cause) {
      return reasonOf(controller.signal.aborted ? controller.signal.reason : cause);
    } finally {
      cancel();
      this.#stop.signal.removeEventListener('abort', abort);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        this.#stop.signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = after(this.#clock, ms, done);
      this.#stop.signal.addEventListener('abort', done, { once: true });
    });
  }

  #lost(reason: string, what: string): void {
    diagnostics.drop('rollouts', reason);
    diagnostics.warn(`rollouts.writer.${this.#writer.name.slice(0, 60)}`, `${this.#writer.name}: not written: ${what}`);
  }
}
