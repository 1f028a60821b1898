/** @typedef {Readonly<Record<string, unknown>> & { service: string, event: string, timestamp: string, correlation_id: string }} LogLine */

/** The log lines of the latest requests, by correlation ID. Bounded: the oldest request makes room, and is counted. */
export class LogStore {
  /** @type {Map<string, LogLine[]>} oldest first, as maps keep their order */
  #requests = new Map();
  #maxRequests;
  #maxLines;
  /** What there was no room for. */
  dropped = { requests: 0, lines: 0 };

  /** `maxLines`: of one request. */
  constructor({ maxRequests = 2000, maxLines = 100 } = {}) {
    this.#maxRequests = maxRequests;
    this.#maxLines = maxLines;
  }

  get size() {
    return this.#requests.size;
  }

  /** Lines that belong to no request are not kept. */
  add(line) {
    const id = line.correlation_id;
    if (typeof id !== 'string') return;
    const lines = this.#requests.get(id) ?? this.#open(id);
    if (lines.length < this.#maxLines) lines.push(line);
    else this.dropped.lines++;
  }

  /** In the order in which they came; empty for a request that is not, or no longer, known. */
  linesOf(id) {
    return [...(this.#requests.get(id) ?? [])];
  }

  /** All correlation IDs, oldest request first. */
  ids() {
    return [...this.#requests.keys()];
  }

  #open(id) {
    if (this.#requests.size >= this.#maxRequests) {
      const [oldest] = this.#requests.keys();
      this.#requests.delete(oldest);
      this.dropped.requests++;
    }
    const lines = [];
    this.#requests.set(id, lines);
    return lines;
  }
}
