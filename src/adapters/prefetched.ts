import { store } from '../context/store.js';

/** Flags and targeting keys remembered outside of requests. */
const MAX_ANSWERS = 2000;

/**
 * Answers of vendors who take their time, fetched ahead: those of a request are its own and do not change within it; what
 * was fetched last for a targeting key serves where there is no request, and where a request has fetched none.
 */
export class Prefetched<T> {
  readonly #ofRequests = new WeakMap<object, Map<string, T>>();
  readonly #last = new Map<string, T>();

  /** `what`: the flag, and whatever else tells two answers apart. */
  get(what: string, targetingKey = ''): T | undefined {
    const id = `${what}\n${targetingKey}`;
    const request = store.getStore()?.root;
    const own = request === undefined ? undefined : this.#ofRequests.get(request)?.get(id);
    return own ?? this.#last.get(id);
  }

  set(what: string, targetingKey: string | undefined, answer: T): void {
    const id = `${what}\n${targetingKey ?? ''}`;
    const request = store.getStore()?.root;
    if (request !== undefined) this.#answersOf(request).set(id, answer);
    this.#last.delete(id);
    this.#last.set(id, answer);
    if (this.#last.size > MAX_ANSWERS) this.#dropOldest();
  }

  /** The vendor's flags have changed. What requests have fetched stays: a flag does not flip within one. */
  forget(): void {
    this.#last.clear();
  }

  #answersOf(request: object): Map<string, T> {
    const known = this.#ofRequests.get(request);
    if (known !== undefined) return known;
    const made = new Map<string, T>();
    this.#ofRequests.set(request, made);
    return made;
  }

  #dropOldest(): void {
    for (const id of this.#last.keys()) {
      this.#last.delete(id);
      return;
    }
  }
}
