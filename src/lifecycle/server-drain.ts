import type { Clock } from '../core/clock.js';
import { Connections, type Drainable } from './connections.js';

/** Times since the signal, ms. */
export interface DrainTimes {
  /** Balancers need that long to see that the service is not ready; until then it serves whoever comes. @default 5000 */
  readonly delayMs: number;
  /** Then what is still open is cut. Stay below the orchestrator's own patience, 30 s in Kubernetes. @default 25000 */
  readonly deadlineMs: number;
}

export interface DrainReport {
  readonly durationMs: number;
  /** Connections that were open at the deadline and were cut. 0: nobody was cut short. */
  readonly cut: number;
}

/** A single look leaves the connections that were busy at that instant to `keepAliveTimeout`. */
const SWEEP_MS = 100;

/**
 * How one server stops. In the first half of the delay nothing changes: balancers learn that the service is not ready. In
 * the second half each answer says `Connection: close`, so that clients leave by themselves while whoever comes is still
 * let in: hardly a connection is left idle then, and only on an idle one can a request and the sweep cross. After the delay
 * nobody new is let in, what is idle is swept, and what has begun is served to its end or to the deadline.
 */
export class ServerDrain {
  readonly #server: Drainable;
  readonly #clock: Clock;
  readonly #times: DrainTimes;
  readonly #connections: Connections;
  /** Resolves when the last connection has gone. */
  readonly done: Promise<DrainReport>;
  #report: (report: DrainReport) => void = () => {};
  #begun = false;
  #cut = 0;

  constructor(server: Drainable, clock: Clock, times: DrainTimes) {
    this.#server = server;
    this.#clock = clock;
    this.#times = times;
    this.#connections = new Connections(server);
    this.done = new Promise((resolve) => {
      this.#report = resolve;
    });
  }

  run(): Promise<DrainReport> {
    if (!this.#begun) void this.#run().then(this.#report);
    this.#begun = true;
    return this.done;
  }

  cancel(): void {
    this.#connections.forget();
  }

  async #run(): Promise<DrainReport> {
    const began = this.#clock.monotonic();
    const closed = this.#closed();
    const look = (): void => this.#look(this.#clock.monotonic() - began);
    const stop = this.#clock.every(SWEEP_MS, look);
    look();
    await closed;
    stop();
    await this.#connections.gone();
    this.#connections.forget();
    return { durationMs: this.#clock.monotonic() - began, cut: this.#cut };
  }

  #look(sinceMs: number): void {
    const { delayMs, deadlineMs } = this.#times;
    const isClosed = !this.#server.listening; // an application may do that itself, at once
    if (isClosed || sinceMs >= delayMs / 2) this.#connections.sayClose();
    if (!isClosed && sinceMs >= delayMs) this.#server.close();
    if (isClosed || sinceMs >= delayMs) this.#connections.sweepIdle();
    if (sinceMs < deadlineMs) return;
    this.#cut = Math.max(this.#cut, this.#connections.open);
    this.#connections.cut();
  }

  /** 'close' comes when the server does not listen any more and its last connection has gone, whoever closed it. */
  #closed(): Promise<void> {
    if (!this.#server.listening && this.#connections.open === 0) return Promise.resolve();
    return new Promise((resolve) => this.#server.once('close', resolve));
  }
}
