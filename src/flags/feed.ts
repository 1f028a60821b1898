import { diagnostics } from '../core/diagnostics.js';
import { type Fault, sayFault, sayWarning } from './fault.js';
import { type FlagSet, flagSet } from './flag-set.js';
import type { Source, SourceSink } from './source.js';

const MAX_TOLD = 5;

export interface FeedOwner {
  /** A new document was taken over. */
  applied(feed: Feed, text: string): void;
  /** A document was refused of which no flag can be read. */
  broken(set: FlagSet): unknown;
  /** The source says that it is alive. */
  alive(): void;
}

/** What one source has given so far: its last good set of flags stays until it gives another. */
export class Feed implements SourceSink {
  readonly source: Source;
  set: FlagSet | undefined = undefined;
  /** True once it gave a document, or said that it is alive. */
  heard = false;
  readonly #allowMassRemoval: boolean;
  readonly #owner: FeedOwner;
  /** The text that was refused last: said once, however often it is sent. */
  #refused = '';

  constructor(source: Source, allowMassRemoval: boolean, owner: FeedOwner) {
    this.source = source;
    this.#allowMassRemoval = allowMassRemoval;
    this.#owner = owner;
  }

  document(text: string): boolean {
    try {
      return this.#take(text);
    } catch (cause) {
      diagnostics.report('flags.document', cause);
      return false;
    }
  }

  alive(): void {
    this.heard = true;
    this.#owner.alive();
  }

  failed(reason: string, cause?: unknown): void {
    diagnostics.drop('flags', 'source_failed');
    const kept = this.set === undefined ? 'it has given no flags yet' : 'the flags that it gave last stay in force';
    diagnostics.warn(
      `flags.source.${this.source.name.slice(0, 80)}`,
      `flags from ${this.source.name}: ${reason}; ${kept}`,
      cause,
    );
  }

  #take(text: string): boolean {
    const { name } = this.source;
    const next = flagSet(text, name, this.set, this.#allowMassRemoval);
    if ('refused' in next) {
      this.#refuse(text, next.refused);
      if (next.broken !== undefined) this.#owner.broken(next.broken);
      return false;
    }
    this.heard = true;
    this.#refused = '';
    const known = this.set?.hash === next.hash;
    this.set = next;
    if (known) return true;
    if (next.faults.length > 0) diagnostics.drop('flags', 'flag_rejected', next.faults.length);
    tell('flags.rejected', 'rejected, the last good version of each stays', next.faults, sayFault);
    tell('flags.doubtful', 'most likely not meant so', next.warnings, sayWarning);
    this.#owner.applied(this, text);
    return true;
  }

  #refuse(text: string, why: string): void {
    diagnostics.drop('flags', 'document_refused');
    if (text === this.#refused) return;
    this.#refused = text;
    const kept = this.set === undefined ? 'there is none before it' : 'the one before it stays in force';
    diagnostics.warn('flags.refused', `flags from ${this.source.name}: the document is refused, ${kept}: ${why}`);
  }
}

function tell(code: string, what: string, faults: readonly Fault[], say: (fault: Fault) => string): void {
  if (faults.length === 0) return;
  const more = faults.length > MAX_TOLD ? ` (and ${faults.length - MAX_TOLD} more)` : '';
  diagnostics.warn(code, `flags ${what}: ${faults.slice(0, MAX_TOLD).map(say).join('. ')}${more}`);
}
