import { slot } from './slot.js';
import { tellOnStderr } from './stderr.js';

/** One thing the library has to say about itself. */
export interface Notice {
  /** Stable name of the kind of notice; the same code is told at most once a minute. */
  readonly code: string;
  readonly message: string;
  readonly cause?: unknown;
  /** How many of the same code were withheld since the last one that was told. */
  readonly repeated: number;
}

const QUIET_MS = 60_000;
const MAX_CODES = 200;

/**
 * The library's own voice and its ledger of drops. Never throws: telling must not hurt the host. Until `observe()`
 * lends it the logger it speaks on stderr, one line a notice.
 */
export class Diagnostics {
  readonly #stderr: (notice: Notice) => void;
  #tell: (notice: Notice) => void;
  readonly #told = new Map<string, { at: number; withheld: number }>();
  readonly #dropped = new Map<string, Map<string, number>>();

  constructor(stderr: (text: string) => void = tellOnStderr) {
    this.#stderr = (notice) => stderr(lineOf(notice));
    this.#tell = this.#stderr;
  }

  /** Lends a voice; `undefined` gives stderr back. */
  speakThrough(tell: ((notice: Notice) => void) | undefined): void {
    this.#tell = tell ?? this.#stderr;
  }

  /** Tells it, unless the same code was told within the last minute. */
  warn(code: string, message: string, cause?: unknown): void {
    const at = performance.now();
    const known = this.#told.get(code);
    if (known !== undefined && at - known.at < QUIET_MS) {
      known.withheld++;
      return;
    }
    if (known === undefined && this.#told.size >= MAX_CODES) return;
    this.#told.set(code, { at, withheld: 0 });
    try {
      this.#tell({ code, message, cause, repeated: known?.withheld ?? 0 });
    } catch (failure) {
      this.#stderr({ code, message, cause: failure, repeated: 0 });
    }
  }

  /** A callback of the user's, or a part of ours, threw. Counted and told; the request goes on. */
  readonly report = (where: string, cause: unknown): void => {
    this.drop(where, 'threw');
    this.warn(`${where} threw`, `${where} threw: ${messageOf(cause)}`, cause);
  };

  /** Counts what could not be kept: nothing is lost in silence. */
  drop(signal: string, reason: string, count = 1): void {
    const reasons = this.#dropped.get(signal) ?? new Map<string, number>();
    reasons.set(reason, (reasons.get(reason) ?? 0) + count);
    this.#dropped.set(signal, reasons);
  }

  /** What was dropped since the process began, by signal and reason. */
  drops(): Record<string, Record<string, number>> {
    return Object.fromEntries([...this.#dropped].map(([signal, reasons]) => [signal, Object.fromEntries(reasons)]));
  }
}

export function messageOf(cause: unknown): string {
  try {
    return cause instanceof Error ? cause.message : String(cause);
  } catch {
    return 'a value that cannot be shown';
  }
}

function lineOf({ code, message, repeated }: Notice): string {
  const more = repeated > 0 ? ` (${repeated} more since the last)` : '';
  return `${message}${more} [${code}]`;
}

export const diagnostics: Diagnostics = slot('diagnostics', () => new Diagnostics());
