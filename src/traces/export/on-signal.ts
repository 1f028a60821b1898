import { isMainThread } from 'node:worker_threads';
import { guard } from '../../core/guard.js';
import { ownListener } from '../../core/own-listeners.js';
import { slot } from '../../core/slot.js';
import type { Ending as Endable } from './at-end.js';

const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];
const LAST_MS = 1500;
/** Longer than a raised signal needs to arrive. Only process 1 of a container lives on after it. */
const DEATH_MS = 1000;

type Ending = Pick<Endable, 'flush'>;

/**
 * A signal that would kill the process waits for the spans, then kills it: the exit status is what it would be without us.
 * Where the application listens itself, the end is its own: the spans are sent meanwhile and nothing is delayed.
 * Returns a function that undoes it.
 */
export function flushOnSignal(queue: Ending): () => void {
  if (!isMainThread) return () => {}; // no signal reaches a worker
  const hooks = slot('traces.signals', () => new SignalHooks());
  hooks.add(queue);
  return () => hooks.remove(queue);
}

/**
 * One listener per signal and process. The logs have one too (src/logs/exit.ts), which must not be taken for one of the
 * application's. It shows itself: during the signal it leaves the list, and it is back in the next tick.
 *
 * While listeners of the application run, ours is gone from the list as well: one that asks whether it is alone, as the
 * `signal-exit` package does, gets the answer that it would get without us.
 */
class SignalHooks {
  readonly #queues = new Set<Ending>();
  /** By signal, what left the list in this very turn: the logs' listener, or a `once` listener that ran before ours. */
  readonly #gone = new Map<string | symbol, Set<unknown>>();
  /** Signals that ours has seen in this turn while the logs' may still be to come. */
  readonly #expecting = new Set<string | symbol>();
  readonly #ending = new Set<NodeJS.Signals>();

  add(queue: Ending): void {
    this.#queues.add(queue);
    if (this.#queues.size > 1) return;
    process.on('removeListener', this.#onRemoved);
    for (const signal of SIGNALS) process.prependListener(signal, this.#onSignal);
  }

  remove(queue: Ending): void {
    if (!this.#queues.delete(queue) || this.#queues.size > 0) return;
    process.off('removeListener', this.#onRemoved);
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
  }

  readonly #onSignal = ownListener((signal: NodeJS.Signals): void => {
    if (this.#ending.has(signal)) {
      this.#raise(signal); // asked twice: no more patience
      return;
    }
    const others = process.listeners(signal).filter((listener) => listener !== this.#onSignal);
    const logsToCome = !this.#gone.has(signal) && logsListen();
    if (logsToCome) this.#expecting.add(signal);
    else if (others.length > 0) this.#stepOut(signal);
    setImmediate(() => this.#decide(signal, others));
  });

  readonly #onRemoved = (event: string | symbol, listener: unknown): void => {
    const signal = SIGNALS.find((name) => name === event);
    if (signal === undefined || listener === this.#onSignal) return;
    const gone = this.#gone.get(signal) ?? new Set();
    this.#gone.set(signal, gone.add(listener));
    setImmediate(() => this.#gone.delete(signal));
    if (this.#expecting.delete(signal)) this.#stepOut(signal);
  };

  #stepOut(signal: NodeJS.Signals): void {
    process.off(signal, this.#onSignal);
    process.nextTick(() => this.#rearm(signal));
  }

  #rearm(signal: NodeJS.Signals): void {
    process.off(signal, this.#onSignal);
    if (this.#queues.size > 0) process.prependListener(signal, this.#onSignal);
  }

  /** All listeners have run, and the logs' is back. */
  #decide(signal: NodeJS.Signals, others: readonly unknown[]): void {
    const gone = [...(this.#gone.get(signal) ?? [])];
    const listening: readonly unknown[] = process.listeners(signal);
    const theApplications = [
      ...others.filter((listener) => !(gone.includes(listener) && listening.includes(listener))),
      ...gone.filter((listener) => !listening.includes(listener)),
    ];
    this.#expecting.delete(signal);
    const flushed = Promise.all([...this.#queues].map((queue) => queue.flush(LAST_MS)));
    const alone = theApplications.length === 0;
    if (alone) this.#ending.add(signal);
    guard('flush on signal', () => (alone ? flushed.finally(() => this.#raise(signal)) : flushed));
  }

  #raise(signal: NodeJS.Signals): void {
    process.off(signal, this.#onSignal);
    setTimeout(() => this.#survived(signal), DEATH_MS); // keeps the process alive until the signal has come
    process.kill(process.pid, signal);
  }

  #survived(signal: NodeJS.Signals): void {
    this.#ending.delete(signal);
    this.#rearm(signal);
  }
}

/** Whether the logs have ever hooked the signals; floors forbid to ask them. */
function logsListen(): boolean {
  const slots = (globalThis as { [key: symbol]: unknown })[Symbol.for('fourlights.v1')];
  return slots instanceof Map && slots.has('exit');
}
