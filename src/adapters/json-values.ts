const MAX_TEXTS = 500;

/** Values out of JSON texts, each parsed once and frozen, as all who ask get the same one. Bounded. */
export class JsonValues {
  readonly #values = new Map<string, unknown>();

  /** `undefined` for what is no JSON. */
  of(text: string): unknown {
    if (this.#values.has(text)) return this.#values.get(text);
    if (this.#values.size >= MAX_TEXTS) this.#values.clear();
    const value = parsed(text);
    this.#values.set(text, value);
    return value;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value) => Object.freeze(value));
  } catch {
    return undefined;
  }
}
