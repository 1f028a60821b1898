import { BroadcastChannel, threadId, type Worker } from 'node:worker_threads';
import { after } from '../../core/after.js';
import type { Clock } from '../../core/clock.js';
import { guard } from '../../core/guard.js';
import type { Rendered } from '../exposition.js';
import type { Family } from '../family.js';
import { Gathering } from './gathering.js';
import type { Link } from './link.js';
import { isOurs, type ToPrimary, type ToWorker, welcome } from './messages.js';

type Render = (asked: { readonly accept?: string | undefined }) => Promise<Rendered>;

/** What goes over the channel, which every thread of the process hears. */
type OnChannel =
  | { readonly from: number; readonly message: ToPrimary }
  | { readonly to: number | 'all'; readonly message: ToWorker };

const CHANNEL = 'fourlights.metrics';
/** A last report comes within this time of the thread's end. */
const LATE_MS = 5000;

function open(onMessage: (data: unknown) => void): BroadcastChannel {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event) => onMessage((event as { readonly data: unknown }).data);
  channel.unref();
  return channel;
}

/** Tells of the end of each thread that this one starts. Returns what ends it. */
function watchThreads(ended: (thread: number) => void): () => void {
  const onWorker = (worker: Worker): void => {
    const { threadId: thread } = worker;
    worker.once('exit', () => ended(thread));
  };
  process.on('worker', onWorker);
  return () => process.off('worker', onWorker);
}

/** From a thread of `node:worker_threads` to the main thread. */
export class ToMainThread implements Link {
  #channel: BroadcastChannel | undefined;

  get open(): boolean {
    return this.#channel !== undefined;
  }

  send(message: ToPrimary): void {
    this.#post({ from: threadId, message });
  }

  listen(onMessage: (message: unknown) => void): () => void {
    this.#channel = open((data) => {
      if (isOnChannel(data) && 'to' in data && (data.to === 'all' || data.to === threadId)) onMessage(data.message);
    });
    const unwatch = watchThreads((thread) => this.#post({ from: thread, message: { fourlights: 'metrics.gone' } }));
    return () => {
      unwatch();
      this.#channel?.close();
      this.#channel = undefined;
    };
  }

  #post(message: OnChannel): void {
    this.#channel?.postMessage(message);
  }
}

/** Collects in the main thread what the other threads report, so that a process is one process to whoever asks it. */
export class ThreadMetrics {
  readonly #clock: Clock;
  readonly #render: Render;
  readonly #gathering: Gathering;
  readonly #welcome = welcome();
  /** Threads of which a last report may come, and what stops the waiting for it. */
  readonly #ended = new Map<number, () => void>();
  readonly #undo: (() => void)[] = [];
  #channel: BroadcastChannel | undefined;

  /** `render`: the text of the process, for a thread that is asked for it. */
  constructor(clock: Clock, render: Render) {
    this.#clock = clock;
    this.#render = render;
    this.#gathering = new Gathering(clock);
  }

  start(): void {
    this.#channel = open(this.#onMessage);
    this.#undo.push(watchThreads((thread) => this.#gone(thread)));
    this.#post({ to: 'all', message: this.#welcome });
  }

  stop(): void {
    for (const undo of [...this.#undo.splice(0), ...this.#ended.values()]) undo();
    this.#ended.clear();
    this.#channel?.close();
    this.#channel = undefined;
  }

  /** Of the whole process, given those of this thread. */
  families(own: readonly Family[]): readonly Family[] {
    return this.#gathering.families(own) ?? own;
  }

  readonly #onMessage = (data: unknown): void => {
    if (!isOnChannel(data) || !('from' in data)) return;
    guard('metrics of threads', () => this.#heard(data.from, data.message));
  };

  #heard(from: number, message: ToPrimary): void | Promise<void> {
    if (message.fourlights === 'metrics.hello') this.#post({ to: from, message: this.#welcome });
    else if (message.fourlights === 'metrics.gone') this.#gone(from);
    else if (message.fourlights === 'metrics.ask') return this.#answer(from, message.id, message.accept);
    else if (message.fourlights === 'metrics.report') {
      this.#gathering.take(from, message);
      if (this.#ended.has(from)) this.#gathering.gone(from);
    }
    return undefined;
  }

  #gone(thread: number): void {
    this.#gathering.gone(thread);
    this.#ended.get(thread)?.();
    const forget = (): void => {
      this.#ended.delete(thread);
      this.#gathering.forget(thread);
    };
    this.#ended.set(thread, after(this.#clock, LATE_MS, forget));
  }

  async #answer(to: number, id: number, accept: string | undefined): Promise<void> {
    const { contentType, body } = await this.#render({ accept });
    this.#post({ to, message: { fourlights: 'metrics.answer', id, contentType, body: body.toString() } });
  }

  #post(message: OnChannel): void {
    this.#channel?.postMessage(message);
  }
}

/** The fields besides are not looked at: both ends run this package. */
function isOnChannel(data: unknown): data is OnChannel {
  return typeof data === 'object' && data !== null && 'message' in data && isOurs(data.message);
}
