import { after } from '../../core/after.js';
import type { Clock } from '../../core/clock.js';
import { flushOnSignal } from '../../traces/export/on-signal.js';
import { Deltas } from '../deltas.js';
import type { Rendered } from '../exposition.js';
import type { Family } from '../family.js';
import type { Link } from './link.js';
import { isOurs } from './messages.js';
import { Reporter } from './report.js';

/** Between two reports. A worker that is killed takes with it what it counted since the last. */
const INTERVAL_MS = 5000;
/** Longer, and the one who collects is stuck. */
const ANSWER_MS = 2000;

export interface WorkerOptions {
  readonly clock: Clock;
  readonly link: Link;
  /** Of this process or thread, at once. */
  readonly families: () => readonly Family[];
  /** Brings up to date what `families` cannot wait for. Must not reject. */
  readonly refresh: () => Promise<void>;
  readonly intervalMs?: number | undefined;
}

/**
 * Of a worker process or a thread: reports to the primary or the main thread, and has that one answer. As long as nobody has
 * welcomed it, it stands for itself.
 */
export class WorkerMetrics {
  readonly #options: WorkerOptions;
  #deltas = new Deltas();
  #reporter = new Reporter();
  readonly #asked = new Map<number, (rendered: Rendered) => void>();
  readonly #undo: (() => void)[] = [];
  /** Who has welcomed it. */
  #collector: string | undefined;
  #lastAsked = 0;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock, link, refresh, intervalMs = INTERVAL_MS } = this.#options;
    const report = (): void => this.report();
    const last = (): void => {
      this.report();
      if (this.collected) link.send({ fourlights: 'metrics.gone' });
    };
    const unlisten = link.listen(this.#onMessage);
    process.on('exit', last);
    this.#undo.push(
      clock.every(intervalMs, () => void refresh().then(report)),
      flushOnSignal({ flush: async () => this.report() }),
      () => process.off('exit', last),
      unlisten,
    );
    link.send({ fourlights: 'metrics.hello' });
  }

  /** The last report, and no more. */
  stop(): void {
    this.report();
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** Whether somebody collects. */
  get collected(): boolean {
    return this.#collector !== undefined && this.#options.link.open;
  }

  report(): void {
    if (!this.collected) return;
    this.#options.link.send(this.#reporter.report(this.#deltas.since(this.#options.families())));
    this.#deltas.commit();
  }

  /** The text of all processes, this one's numbers of this moment included. Rejects when nobody answers. */
  async render({ accept }: { readonly accept?: string | undefined }): Promise<Rendered> {
    await this.#options.refresh();
    this.report();
    const id = ++this.#lastAsked;
    return new Promise((resolve, reject) => {
      const cancel = after(this.#options.clock, ANSWER_MS, () => {
        this.#asked.delete(id);
        reject(new Error(`the primary process or main thread did not send the metrics within ${ANSWER_MS} ms`));
      });
      this.#asked.set(id, (rendered) => {
        cancel();
        resolve(rendered);
      });
      this.#options.link.send({ fourlights: 'metrics.ask', id, accept });
    });
  }

  readonly #onMessage = (message: unknown): void => {
    if (!isOurs(message)) return;
    if (message.fourlights === 'metrics.welcome') this.#welcomedBy(message.collector);
    if (message.fourlights !== 'metrics.answer') return;
    const answer = this.#asked.get(message.id);
    this.#asked.delete(message.id);
    answer?.({ contentType: message.contentType, body: Buffer.from(message.body) });
  };

  /** One that is new knows no names and has no totals: it gets all of them. */
  #welcomedBy(collector: string): void {
    if (this.#collector === collector) return;
    this.#collector = collector;
    this.#deltas = new Deltas();
    this.#reporter = new Reporter();
  }
}
