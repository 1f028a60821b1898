/** Requests whose lines are held, for the moment in which their trace may be kept. */
const MAX_REQUESTS = 1000;
const MAX_LINES = 100;
const MAX_LINE_LENGTH = 8192;
const MAX_LENGTH = 4 * 1024 * 1024;

interface Held {
  readonly lines: string[];
  length: number;
}

/** The log lines of the last requests, by an ID of theirs. Bounded; the oldest requests go first. */
export class RequestLines {
  readonly #requests = new Map<string, Held>();
  #length = 0;

  /** `text`: one line of JSON as it was written. */
  add(id: string, text: string): void {
    const held = this.#requests.get(id) ?? this.#begin(id);
    if (held.lines.length >= MAX_LINES) return;
    const line = text.length > MAX_LINE_LENGTH ? `${text.slice(0, MAX_LINE_LENGTH)}...` : text.trimEnd();
    held.lines.push(line);
    held.length += line.length;
    this.#length += line.length;
    while (this.#length > MAX_LENGTH) this.#forgetOldest();
  }

  /** The lines so far; those to come are added to the same list as long as the request is remembered. */
  of(id: string): readonly string[] {
    return (this.#requests.get(id) ?? this.#begin(id)).lines;
  }

  /** The lines so far, of one that may have none. */
  peek(id: string): readonly string[] | undefined {
    return this.#requests.get(id)?.lines;
  }

  #begin(id: string): Held {
    if (this.#requests.size >= MAX_REQUESTS) this.#forgetOldest();
    const held = { lines: [], length: 0 };
    this.#requests.set(id, held);
    return held;
  }

  #forgetOldest(): void {
    for (const [id, { length }] of this.#requests) {
      this.#requests.delete(id);
      this.#length -= length;
      return;
    }
  }
}
