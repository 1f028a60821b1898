import type { Writable } from 'node:stream';
import { messageOf } from '../core/diagnostics.js';
import type { Ledger } from './destination-ledger.js';
import type { Outlet } from './destination-outlet.js';

/**
 * Lines on their way into a stream of the user's, one `write` a line and at once, as pino does it. What the stream has
 * not called back for is pending. Its errors are told and counted instead of killing the host. It is never ended by us.
 */
export class StreamOutlet implements Outlet {
  readonly #stream: Writable;
  readonly #ledger: Ledger;
  readonly #maxBytes: number;
  #pending = 0;
  #closed = false;

  constructor(stream: Writable, ledger: Ledger, maxBytes: number) {
    this.#stream = stream;
    this.#ledger = ledger;
    this.#maxBytes = maxBytes;
    stream.on('error', (cause) => ledger.trouble(`the log's stream failed: ${messageOf(cause)}`));
  }

  get pending(): number {
    return this.#pending;
  }

  write(line: string): void {
    if (this.#closed || this.#stream.writableLength + line.length > this.#maxBytes) {
      this.#ledger.drop(1, this.#closed ? 'closed' : 'buffer_full');
      return;
    }
    this.#pending++;
    try {
      this.#stream.write(line, this.#done);
    } catch {
      this.#settle('stream_threw');
    }
  }

  writeThrough(): void {}

  flush(): void {}

  /** A stream cannot be made to write: what it has not done by now, it does after us or never. */
  drain(): boolean {
    return this.#pending === 0;
  }

  abandon(reason: string): void {
    const lines = this.#pending;
    this.#pending = 0;
    this.#ledger.count(lines, reason);
  }

  close(): void {
    this.#closed = true;
    this.abandon('closed');
  }

  readonly #done = (cause?: Error | null): void => this.#settle(cause ? 'stream_error' : undefined);

  #settle(reason: string | undefined): void {
    if (this.#pending === 0) return; // abandoned before
    this.#pending--;
    if (reason !== undefined) this.#ledger.drop(1, reason);
    else this.#ledger.wrote(1);
    if (reason === undefined && this.#pending === 0) this.#ledger.recovered();
  }
}
