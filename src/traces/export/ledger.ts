export type DropReason =
  /** The queue was full when the span ended. */
  | 'queue_full'
  /** The receiver refused the batch for good. */
  | 'rejected'
  /** The receiver took the batch but not this span (OTLP partial success). */
  | 'partial'
  /** Tried until the limit of attempts or of age. */
  | 'retry_exhausted'
  /** Still there when the time to shut down was up, or ended later. */
  | 'shutdown';

/** `ended = delivered + dropped + queued` holds whenever it is read; a batch in flight is still queued. */
export interface ExportLedger {
  readonly ended: number;
  readonly delivered: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  readonly queued: number;
}

/** What has left the queue, and what has come. `queued` is not kept here: who has the spans counts them. */
export class Accounts {
  ended = 0;
  delivered = 0;
  readonly #dropped: Record<DropReason, number> = {
    queue_full: 0,
    rejected: 0,
    partial: 0,
    retry_exhausted: 0,
    shutdown: 0,
  };

  drop(reason: DropReason, count: number): void {
    this.#dropped[reason] += count;
  }

  /** Spans whose fate is known. */
  get settled(): number {
    return Object.values(this.#dropped).reduce((sum, count) => sum + count, this.delivered);
  }

  read(queued: number): ExportLedger {
    return { ended: this.ended, delivered: this.delivered, dropped: { ...this.#dropped }, queued };
  }
}
