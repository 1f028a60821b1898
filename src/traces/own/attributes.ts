/** As OpenTelemetry's SDK limits them by default. */
const MAX_ATTRIBUTES = 128;
/** Values are cut to this many characters, so that a span is bounded in bytes as well. */
export const MAX_VALUE = 4096;

type Value = string | number | boolean | readonly unknown[];

/** Attributes of one span or event, which is all that may be written to it; the same limits as the SDK's. */
export class Attributes {
  readonly values: Record<string, unknown> = {};
  dropped = 0;
  #count = 0;

  set(name: string, value: unknown): void {
    const kept = storable(value);
    if (kept === undefined || name === '' || name === '__proto__') return;
    if (this.values[name] === undefined) {
      if (this.#count === MAX_ATTRIBUTES) {
        this.dropped++;
        return;
      }
      this.#count++;
    }
    this.values[name] = kept;
  }

  /** Adds what is not there yet, beyond the limit of their number: it is ours and bounded. */
  complete(given: Readonly<Record<string, unknown>>): void {
    for (const name in given) this.values[name] ??= storable(given[name]);
  }

  /** Takes what an application gave, which may be of any shape. */
  setAll(given: Readonly<Record<string, unknown>> | undefined): void {
    for (const name in given) this.set(name, given[name]);
  }
}

/** The specification has arrays of one type, with gaps. */
function storable(value: unknown): Value | undefined {
  return Array.isArray(value) ? value.slice(0, MAX_ATTRIBUTES).map((each) => scalar(each) ?? null) : scalar(value);
}

function scalar(value: unknown): string | number | boolean | undefined {
  if (typeof value === 'string') return cut(value);
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

function cut(text: string): string {
  return text.length > MAX_VALUE ? text.slice(0, MAX_VALUE) : text;
}
