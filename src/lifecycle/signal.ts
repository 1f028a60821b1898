import { isMainThread } from 'node:worker_threads';
import { isOwnListener, ownListener } from '../core/own-listeners.js';

/** Longer than those that flush on the signal need, and it to arrive. */
const DEATH_MS = 4000;
/** What a shell reports of a process that SIGTERM has killed. */
const KILLED = 143;

/** `alone`: no listener of the application's; the process would end by this signal. */
type Work = (alone: boolean) => Promise<void>;

/**
 * Puts off the end that SIGTERM brings until `work` is done. Then the signal is raised again and finds the process as it
 * would be without us: same exit status, and the listeners that flush logs and spans do so last (src/logs/exit.ts,
 * src/traces/export/on-signal.ts; while ours is in the list they flush and leave the process alive). Where the application
 * listens itself the end is its own, and nothing is raised.
 */
export class TerminationSignal {
  readonly #work: Work;
  /** A `once` listener of the application's that ran before ours, in this very turn. */
  #gone = 0;
  #running = false;

  constructor(work: Work) {
    this.#work = work;
  }

  listen(): void {
    if (!isMainThread) return; // no signal reaches a worker
    process.on('removeListener', this.#onRemoved);
    process.prependListener('SIGTERM', this.#onSignal);
  }

  stop(): void {
    process.off('removeListener', this.#onRemoved);
    process.off('SIGTERM', this.#onSignal);
  }

  readonly #onSignal = ownListener((): void => {
    if (this.#running) return; // npm and process groups deliver it twice; the deadline stands
    this.#running = true;
    const listeners: readonly unknown[] = process.listeners('SIGTERM');
    const foreign = listeners.filter((listener) => !isOwnListener(listener)).length + this.#gone;
    const alone = foreign <= onlookers();
    const hold = setInterval(() => {}, 60_000); // a server that has closed keeps nothing alive
    void this.#work(alone).finally(() => {
      clearInterval(hold);
      if (alone) this.#end();
    });
  });

  readonly #onRemoved = (event: string | symbol, listener: unknown): void => {
    if (event !== 'SIGTERM' || isOwnListener(listener)) return;
    this.#gone++;
    process.nextTick(() => this.#gone--);
  };

  /** In the next turn: in this one the flushing listeners take ours, which has just gone, for a `once` of the application's. */
  #end(): void {
    this.stop();
    const exit = (): void => process.exit(process.exitCode ?? KILLED);
    // No signal kills process 1 of a container by default.
    setImmediate(() => {
      setTimeout(exit, process.pid === 1 ? 0 : DEATH_MS);
      process.kill(process.pid, 'SIGTERM');
    });
  }
}

/**
 * Listeners of the `signal-exit` package, which many packages bring along: they end nothing as long as anybody else
 * listens, and everything when they are alone.
 */
function onlookers(): number {
  const emitters: readonly unknown[] = [
    Reflect.get(globalThis, Symbol.for('signal-exit emitter')),
    Reflect.get(process, '__signal_exit_emitter__'),
  ];
  return emitters.reduce<number>((sum, emitter) => sum + countOf(emitter), 0);
}

function countOf(emitter: unknown): number {
  const count = typeof emitter === 'object' && emitter !== null ? Reflect.get(emitter, 'count') : 0;
  return typeof count === 'number' ? count : 0;
}
