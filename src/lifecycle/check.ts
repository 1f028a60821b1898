import { after } from '../core/after.js';
import type { Clock } from '../core/clock.js';
import { messageOf } from '../core/diagnostics.js';

/** Whether a thing that the service needs is there. `false`, a throw, a rejection and no answer in time say no; all else says yes. */
export type CheckWork = () => unknown;

/** How long a readiness check may take, and whether its failure takes the service out. */
export interface CheckOptions {
  /** An answer that takes longer is a no, ms. An orchestrator waits for all of them, 1 s by default. @default 500 */
  readonly timeoutMs?: number | undefined;
  /** False: its failure is shown and the service stays ready. @default true */
  readonly critical?: boolean | undefined;
}

export interface CheckResult {
  readonly ok: boolean;
  readonly critical: boolean;
  /** Why not. May name hosts and tables: not for everybody's eyes. */
  readonly reason?: string | undefined;
}

/** Several probes a second ask once. */
const FRESH_MS = 1000;

/** One named check. While it runs it is not started again: a database that hangs is not asked more and more. */
export class Check {
  readonly #work: CheckWork;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #critical: boolean;
  #running: Promise<CheckResult> | undefined;
  #last: { readonly at: number; readonly result: CheckResult } | undefined;

  constructor(work: CheckWork, clock: Clock, { timeoutMs = 500, critical = true }: CheckOptions) {
    this.#work = work;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#critical = critical;
  }

  /** Never rejects, and never takes longer than the timeout. At most a second old. */
  async result(): Promise<CheckResult> {
    const last = this.#last;
    if (last !== undefined && this.#clock.monotonic() - last.at < FRESH_MS) return last.result;
    this.#running ??= this.#run();
    return this.#withinTime(this.#running);
  }

  async #run(): Promise<CheckResult> {
    const result = await this.#answer();
    this.#last = { at: this.#clock.monotonic(), result };
    this.#running = undefined;
    return result;
  }

  async #answer(): Promise<CheckResult> {
    try {
      return (await this.#work()) === false ? this.#no('it says no') : { ok: true, critical: this.#critical };
    } catch (cause) {
      return this.#no(messageOf(cause));
    }
  }

  #no(reason: string): CheckResult {
    return { ok: false, critical: this.#critical, reason };
  }

  #withinTime(running: Promise<CheckResult>): Promise<CheckResult> {
    return new Promise((resolve) => {
      const cancel = after(this.#clock, this.#timeoutMs, () =>
        resolve(this.#no(`no answer within ${this.#timeoutMs} ms`)),
      );
      void running.then((result) => {
        cancel();
        resolve(result);
      });
    });
  }
}
