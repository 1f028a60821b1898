import { type Clock, systemClock } from '../core/clock.js';
import { diagnostics } from '../core/diagnostics.js';
import { slot } from '../core/slot.js';
import type { CheckOptions, CheckWork } from './check.js';
import type { Drainable } from './connections.js';
import { type HealthHandler, livez, readyz, startupz, type Trusted } from './handlers.js';
import { Health, type HealthReport } from './health.js';
import { type DrainReport, ServerDrain } from './server-drain.js';
import { TerminationSignal } from './signal.js';

/** How a server leaves after SIGTERM: both times count from the signal. */
export interface DrainOptions {
  /** How long requests are still let in after SIGTERM, so that balancers see that the service is not ready, ms. @default 5000 */
  readonly delayMs?: number | undefined;
  /** When what is still under way is cut, ms after SIGTERM; stay below the orchestrator's own patience. @default 25000 */
  readonly deadlineMs?: number | undefined;
}

/** A server that drains when the signal comes. */
export interface Draining {
  /** Resolves when the server has let go of its last connection. A handler of your own may wait for it before it exits. */
  readonly done: Promise<DrainReport>;
  /** The server is none of our business any more. Nothing once the drain has begun. */
  cancel(): void;
}

/** What the library does when servers have drained. */
export interface Endings {
  /** Sends what is there; everything goes on after it. */
  flush(): Promise<unknown>;
  /** The process ends after it. */
  shutdown(): Promise<unknown>;
}

/**
 * The life of the process, as orchestrators see it: start, readiness, drain. `/livez`, `/readyz` and `/startupz` answer from it.
 */
export interface LifecycleTools {
  /** Requests should not come yet: `/readyz` answers 503 until `ready()`. Without it a service is ready from its start. */
  starting(): void;
  ready(): void;
  /** True from SIGTERM on: a loop that takes jobs from a queue stops taking them. */
  readonly draining: boolean;
  /**
   * A thing that the service needs to answer requests. Asked when `/readyz` is, at most once a second. Returns a function
   * that takes it away. Throws for a name that is taken.
   */
  check(name: string, work: CheckWork, options?: CheckOptions): () => void;
  /**
   * From SIGTERM on: `/readyz` fails at once and `/livez` does not; after a delay the server lets nobody in, idle
   * connections are closed and requests under way are served to the deadline; then logs and spans are flushed and the
   * process ends as it would have ended at once. An application that listens to SIGTERM itself ends when and as it
   * decides; it may wait for `done`. Throws for times that make no sense.
   */
  drain(server: Drainable, options?: DrainOptions): Draining;
  health(): Promise<HealthReport>;
}

/** The life of this process, as orchestrators see it. Works before `observe()`. */
export class ProcessLifecycle implements LifecycleTools {
  readonly #clock: Clock;
  readonly #health: Health;
  readonly #servers = new Set<ServerDrain>();
  readonly #signal = new TerminationSignal((alone) => this.#drainAll(alone));
  endings: Endings | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#health = new Health(clock);
  }

  starting(): void {
    if (!this.draining) this.#health.phase = 'starting';
  }

  ready(): void {
    if (!this.draining) this.#health.phase = 'running';
  }

  get draining(): boolean {
    return this.#health.phase === 'draining';
  }

  check(name: string, work: CheckWork, options: CheckOptions = {}): () => void {
    return this.#health.add(name, work, options);
  }

  drain(server: Drainable, { delayMs = 5000, deadlineMs = 25_000 }: DrainOptions = {}): Draining {
    if (!(delayMs >= 0 && deadlineMs > delayMs))
      throw new RangeError(
        `lifecycle.drain(server): expected 0 <= delayMs < deadlineMs, got delayMs ${delayMs} and deadlineMs ${deadlineMs}`,
      );
    const drain = new ServerDrain(server, this.#clock, { delayMs, deadlineMs });
    if (this.#servers.size === 0) this.#signal.listen();
    this.#servers.add(drain);
    return {
      done: drain.done,
      cancel: () => {
        if (this.draining || !this.#servers.delete(drain)) return;
        drain.cancel();
        if (this.#servers.size === 0) this.#signal.stop();
      },
    };
  }

  health(): Promise<HealthReport> {
    return this.#health.report();
  }

  /** The routes of an admin surface. */
  handlers(trusted: Trusted): Readonly<Record<'/livez' | '/readyz' | '/startupz', HealthHandler>> {
    return { '/livez': livez(), '/readyz': readyz(this.#health, trusted), '/startupz': startupz(this.#health) };
  }

  async #drainAll(alone: boolean): Promise<void> {
    this.#health.phase = 'draining';
    await Promise.all([...this.#servers].map((server) => server.run()));
    try {
      await (alone ? this.endings?.shutdown() : this.endings?.flush());
    } catch (cause) {
      diagnostics.report('lifecycle ending', cause);
    }
  }
}

export const processLifecycle: ProcessLifecycle = slot('lifecycle', () => new ProcessLifecycle(systemClock));
