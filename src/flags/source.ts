import type { Evaluation, EvaluationContext, FlagKind, FlagValue } from './evaluation.js';

/** What a source hands documents to. Never throws. */
export interface SourceSink {
  /**
   * Offers a document as text; true when it was applied: at least one flag was taken over, and the document as a whole was
   * not refused. Only then may a source remember its ETag, or the refused text would never be sent again.
   */
  document(text: string): boolean;
  /** Nothing new, and the source is alive (304, heartbeat): staleness starts anew. */
  alive(): void;
  /** The source could not be read; the last good document stays. */
  failed(reason: string, cause?: unknown): void;
}

/** Where the document in force stands: from its service, from the disk, from the code. */
export type Standing = 'live' | 'backup' | 'bootstrap';

/** Where flag documents come from. Owns what it starts. */
export interface Source {
  /** For people: `file ./flags.json`. Never with credentials. */
  readonly name: string;
  /** What `ready()` says while this source's document serves. @default 'live' */
  readonly standing?: Standing | undefined;
  /** Never throws; answers through the sink, also synchronously. */
  start(sink: SourceSink): void;
  stop(): void | Promise<void>;
}

/** A source that evaluates by itself: a vendor's client. */
export interface EvaluatingSource extends Source {
  /** Synchronous; `undefined`: knows no such flag, the next source is asked. Never throws. */
  evaluate(key: string, kind: FlagKind, fallback: FlagValue, context: EvaluationContext): Evaluation | undefined;
  /** Fetches ahead what cannot be answered synchronously; resolves when done or after its own limit; never rejects. */
  prefetch?(keys: readonly string[], context: EvaluationContext): Promise<void>;
}

/** A source of which flags are off, whatever any document says: the way that works when all else is down. */
export interface KillSource extends Source {
  /** Flag names, read whenever the client starts; each is killed until the process ends. */
  off(): readonly string[];
}

export function evaluates(source: Source): source is EvaluatingSource {
  return 'evaluate' in source && typeof source.evaluate === 'function';
}

export function kills(source: Source): source is KillSource {
  return 'off' in source && typeof source.off === 'function';
}
