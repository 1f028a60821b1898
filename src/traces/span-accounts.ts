import type { ExportQueue } from './export/queue.js';

/** Finished spans of the process: `ended = delivered + dropped + queued` holds whenever it is read. */
export interface SpanLedger {
  readonly ended: number;
  readonly delivered: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly queued: number;
}

/** The whole ledger: the queue's, and before it what was not kept or still waits for its root. */
export class SpanAccounts {
  readonly #queue: Pick<ExportQueue, 'ledger'> | undefined;
  readonly #dropped = new Map<string, number>();
  #total = 0;

  constructor(queue: Pick<ExportQueue, 'ledger'> | undefined) {
    this.#queue = queue;
  }

  drop(reason: string, count: number): void {
    this.#total += count;
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + count);
  }

  /** `waiting`: finished spans whose root is still open. */
  read(waiting: number): SpanLedger {
    const queue = this.#queue?.ledger;
    return {
      ended: (queue?.ended ?? 0) + this.#total + waiting,
      delivered: queue?.delivered ?? 0,
      dropped: { ...Object.fromEntries(this.#dropped), ...queue?.dropped },
      queued: (queue?.queued ?? 0) + waiting,
    };
  }
}
