import { after } from '../../core/after.js';
import type { Clock } from '../../core/clock.js';
import { flushOnSignal } from '../../traces/export/on-signal.js';
import { Deltas } from '../deltas.js';
import type { Rendered } from '../exposition.js';
import type { Family } from '../family.js';
import { isOurs, type ToPrimary } from './messages.js';
import { Reporter } from './report.js';

/** Between two reports. A worker that is killed takes with it what it counted since the last. */
const INTERVAL_MS = 5000;
/** Longer, and the primary is stuck. */
const ANSWER_MS = 2000;

export interface WorkerOptions {
  readonly clock: Clock;
  /** Of this process, at once. */
  readonly families: () => readonly Family[];
  /** Brings up to date what `families` cannot wait for. Must not reject. */
  readonly refresh: () => Promise<void>;
  readonly intervalMs?: number | undefined;
}

/** Reports to the primary and has it answer. As long as no primary has welcomed it, the process stands for itself. */
export class WorkerMetrics {
  readonly #options: WorkerOptions;
  readonly #deltas = new Deltas();
  readonly #reporter = new Reporter();
  readonly #asked = new Map<number, (rendered: Rendered) => void>();
  readonly #undo: (() => void)[] = [];
  #welcome = false;
  #lastAsked = 0;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock, refresh, intervalMs = INTERVAL_MS } = this.#options;
    const report = (): void => this.report();
    process.on('message', this.#onMessage);
    process.on('exit', report);
    this.#undo.push(
      clock.every(intervalMs, () => void refresh().then(report)),
      flushOnSignal({ flush: async () => this.report() }),
      () => process.off('message', this.#onMessage),
      () => process.off('exit', report),
    );
    send({ fourlights: 'metrics.hello' });
  }

  /** The last report, and no more. */
  stop(): void {
    this.report();
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** Whether a primary collects. */
  get collected(): boolean {
    return this.#welcome && process.connected;
  }

  report(): void {
    if (!this.collected) return;
    send(this.#reporter.report(this.#deltas.since(this.#options.families())));
    this.#deltas.commit();
  }

  /** The text of all processes, this one's numbers of this moment included. Rejects when the primary does not answer. */
  async render({ accept }: { readonly accept?: string | undefined }): Promise<Rendered> {
    await this.#options.refresh();
    this.report();
    const id = ++this.#lastAsked;
    return new Promise((resolve, reject) => {
      const cancel = after(this.#options.clock, ANSWER_MS, () => {
        this.#asked.delete(id);
        reject(new Error(`the primary process did not send the metrics within ${ANSWER_MS} ms`));
      });
      this.#asked.set(id, (rendered) => {
        cancel();
        resolve(rendered);
      });
      send({ fourlights: 'metrics.ask', id, accept });
    });
  }

  readonly #onMessage = (message: unknown): void => {
    if (!isOurs(message)) return;
    if (message.fourlights === 'metrics.welcome') this.#welcome = true;
    if (message.fourlights !== 'metrics.answer') return;
    const answer = this.#asked.get(message.id);
    this.#asked.delete(message.id);
    answer?.({ contentType: message.contentType, body: Buffer.from(message.body) });
  };
}

/** A channel that is closing takes nothing any more; that is no matter to a process that ends. */
function send(message: ToPrimary): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
