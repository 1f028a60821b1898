/** How long a process that is ending waits for its spans. */
const LAST_MS = 1500;

/** What has spans to get rid of before the process ends. */
export interface Ending {
  readonly ledger: { readonly ended: number; readonly queued: number };
  flush(deadlineMs: number): Promise<void>;
  abandon(): void;
}

/**
 * A natural end waits for the spans; whatever the end, what is left then is counted and told. `process.exit` and a crash
 * leave no time to send. Returns a function that undoes it.
 */
export function flushOnBeforeExit(queue: Ending): () => void {
  let flushed = -1;
  // 'beforeExit' comes again after each flush; without new spans, once is enough.
  const onBeforeExit = (): void => {
    const { ended, queued } = queue.ledger;
    if (queued === 0 || ended === flushed) return;
    flushed = ended;
    void queue.flush(LAST_MS);
  };
  const onExit = (): void => queue.abandon();
  process.on('beforeExit', onBeforeExit);
  process.on('exit', onExit);
  return () => {
    process.off('beforeExit', onBeforeExit);
    process.off('exit', onExit);
  };
}
