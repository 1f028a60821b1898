/** Requests whose lines are held, for the moment in which their trace may be kept. */
const MAX_REQUESTS = 1000;
const MAX_LINES = 100;
const MAX_LINE_LENGTH = 8192;
const MAX_LENGTH = 4 * 1024 * 1024;

interface Held {
  readonly lines: string[];
  length: number;
}

const KEY = '"correlation_id":"';

/** The log lines of the last requests, by the correlation ID that stands in each. Bounded; the oldest requests go first. */
export class RequestLines {
  readonly #requests = new Map<string, Held>();
  #length = 0;

  /** `text`: one line of JSON as it was written. One without a correlation ID belongs to no request. */
  add(text: string): void {
    const correlationId = idIn(text);
    if (correlationId === undefined) return;
    const held = this.#requests.get(correlationId) ?? this.#begin(correlationId);
    if (held.lines.length >= MAX_LINES) return;
    const line = text.length > MAX_LINE_LENGTH ? `${text.slice(0, MAX_LINE_LENGTH)}...` : text.trimEnd();
    held.lines.push(line);
    held.length += line.length;
    this.#length += line.length;
    while (this.#length > MAX_LENGTH) this.#forgetOldest();
  }

  /** The lines so far; those to come are added to the same list as long as the request is remembered. */
  of(correlationId: string): readonly string[] {
    return (this.#requests.get(correlationId) ?? this.#begin(correlationId)).lines;
  }

  #begin(correlationId: string): Held {
    if (this.#requests.size >= MAX_REQUESTS) this.#forgetOldest();
    const held = { lines: [], length: 0 };
    this.#requests.set(correlationId, held);
    return held;
  }

  #forgetOldest(): void {
    for (const [correlationId, { length }] of this.#requests) {
      this.#requests.delete(correlationId);
      this.#length -= length;
      return;
    }
  }
}

/** The logger writes the ID before any field of a caller's, and it needs no escaping. */
function idIn(text: string): string | undefined {
  const start = text.indexOf(KEY);
  if (start === -1) return undefined;
  const end = text.indexOf('"', start + KEY.length);
  return end === -1 ? undefined : text.slice(start + KEY.length, end);
}
