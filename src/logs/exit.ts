import { isMainThread } from 'node:worker_threads';
import { systemClock } from '../core/clock.js';
import { ownListener } from '../core/own-listeners.js';
import { slot } from '../core/slot.js';
import type { Patience } from './destination-outlet.js';

/** What has lines to get rid of before the process ends. */
export interface Drainable {
  writeThrough(on: boolean): void;
  drain(patience: Patience): boolean;
  farewell(drop: boolean): void;
}

/** By default these kill the process without running 'exit'. */
const SIGNALS: readonly NodeJS.Signals[] =
  process.platform === 'win32' ? ['SIGTERM', 'SIGINT'] : ['SIGTERM', 'SIGINT', 'SIGHUP']; // Windows cannot raise SIGHUP again
/** When nothing of us runs after this. Together with the other it stays under two seconds. */
const LAST: Patience = { quietMs: 300, totalMs: 1500 };
/** When the application handles the signal, and may live on or may kill the process without another word. */
const MEANWHILE: Patience = { quietMs: 200, totalMs: 300 };

/**
 * Sees to it that `destination` is flushed however the process ends, and changes neither its exit code nor its signals.
 * Returns a function that undoes it.
 *
 * The price of a signal listener: a signal reaches a process that never returns to its event loop (`while (true)`) only by
 * SIGKILL. SIGKILL and `process.abort` themselves lose what is in the current batch.
 */
export function flushOnExit(destination: Drainable): () => void {
  const hooks = slot('exit', () => new ExitHooks());
  hooks.add(destination);
  return () => hooks.remove(destination);
}

/** One set of listeners per process, whatever the number of destinations and of copies of this package. */
class ExitHooks {
  readonly #destinations = new Set<Drainable>();
  /** Signals one of whose listeners was removed in this very turn: a `once` listener that ran before ours. */
  readonly #justRemoved = new Set<string | symbol>();

  add(destination: Drainable): void {
    this.#destinations.add(destination);
    // Neither a signal of the process nor `process.exit` in the main thread runs anything in a worker.
    if (!isMainThread) destination.writeThrough(true);
    if (this.#destinations.size > 1) return;
    process.on('exit', this.#onExit);
    if (!isMainThread) return;
    process.on('removeListener', this.#onRemoved);
    for (const signal of SIGNALS) process.prependListener(signal, this.#onSignal);
  }

  remove(destination: Drainable): void {
    if (!this.#destinations.delete(destination) || this.#destinations.size > 0) return;
    process.off('exit', this.#onExit);
    process.off('removeListener', this.#onRemoved);
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
  }

  readonly #onExit = (): void => {
    this.#writeThrough(true); // listeners after this one may log too, and nothing runs after them
    this.#drain(LAST);
    for (const destination of this.#destinations) destination.farewell(true);
  };

  /**
   * Runs before the application's listeners, and while they run ours is gone from the list: one that asks whether it is
   * alone, as the `signal-exit` package does, gets the answer it would get without us. When nobody else listens, the
   * signal is raised again and does what it does by default, which for process 1 of a container is nothing.
   */
  readonly #onSignal = ownListener((signal: NodeJS.Signals): void => {
    const others = process.listenerCount(signal) > 1;
    const alone = !others && !this.#justRemoved.has(signal);
    this.#writeThrough(true); // a listener may log and then kill the process by its own hand
    this.#drain(alone ? LAST : MEANWHILE);
    if (alone) for (const destination of this.#destinations) destination.farewell(false);
    if (others || alone) process.off(signal, this.#onSignal);
    if (alone) process.kill(process.pid, signal);
    process.nextTick(this.#rearm, signal);
  });

  readonly #rearm = (signal: NodeJS.Signals): void => {
    if (this.#destinations.size === 0) return;
    this.#writeThrough(false);
    // One that is still there must stay: without any listener, a signal that waits to be delivered would be lost.
    if (!process.listeners(signal).includes(this.#onSignal)) process.prependListener(signal, this.#onSignal);
  };

  readonly #onRemoved = (event: string | symbol, listener: unknown): void => {
    if (listener === this.#onSignal || !SIGNALS.some((signal) => signal === event)) return;
    this.#justRemoved.add(event);
    process.nextTick(() => this.#justRemoved.delete(event));
  };

  #writeThrough(on: boolean): void {
    for (const destination of this.#destinations) destination.writeThrough(on);
  }

  /** They share the patience, so that several destinations do not wait one after the other. */
  #drain({ quietMs, totalMs }: Patience): void {
    const until = systemClock.monotonic() + totalMs;
    for (const destination of this.#destinations) {
      destination.drain({ quietMs, totalMs: Math.max(0, until - systemClock.monotonic()) });
    }
  }
}
