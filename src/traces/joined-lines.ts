import { MAX_LINES, shortened } from './line-text.js';

const MAX_TRACES = 1000;
const MAX_LENGTH = 4 * 1024 * 1024;

interface Held {
  readonly lines: string[];
  length: number;
}

/** Log lines that other services have sent, by trace: those of the last thousand. Bounded; the oldest traces go first. */
export class JoinedLines {
  readonly #traces = new Map<string, Held>();
  #length = 0;

  /** `text`: one line of JSON as it was written. */
  add(id: string, text: string): void {
    const held = this.#traces.get(id) ?? this.#begin(id);
    if (held.lines.length >= MAX_LINES) return;
    const line = shortened(text).trimEnd();
    held.lines.push(line);
    held.length += line.length;
    this.#length += line.length;
    while (this.#length > MAX_LENGTH) this.#forgetOldest();
  }

  /** The lines so far, of a trace that may have none. */
  of(id: string): readonly string[] | undefined {
    return this.#traces.get(id)?.lines;
  }

  #begin(id: string): Held {
    if (this.#traces.size >= MAX_TRACES) this.#forgetOldest();
    const held = { lines: [], length: 0 };
    this.#traces.set(id, held);
    return held;
  }

  #forgetOldest(): void {
    for (const [id, { length }] of this.#traces) {
      this.#traces.delete(id);
      this.#length -= length;
      return;
    }
  }
}
