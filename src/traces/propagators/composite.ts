import type { HeaderBag } from '../../context/correlation.js';
import { unknownName } from '../../core/table.js';
import type { Propagator, Remote, SpanIds } from './propagator.js';
import { isPropagatorName, propagators } from './propagators.js';

/** The propagators of those names as one; a name that is there twice counts once. Throws on a name that is unknown. */
export function composite(names: readonly string[]): Propagator {
  const parts = [...new Set(names)].map(named);
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : new Composite(parts);
}

function named(name: string): Propagator {
  if (!isPropagatorName(name)) throw new RangeError(unknownName('propagator', propagators, name));
  return propagators[name];
}

/** Reads by order: the first that finds a span wins, and without any the first that finds a hint. Writes them all. */
class Composite implements Propagator {
  readonly name: string;
  readonly fields: readonly string[];
  readonly #parts: readonly Propagator[];

  constructor(parts: readonly Propagator[]) {
    this.name = parts.map((part) => part.name).join(',');
    this.fields = [...new Set(parts.flatMap((part) => part.fields))];
    this.#parts = parts;
  }

  extract(headers: HeaderBag): Remote | undefined {
    let hint: Remote | undefined;
    for (let i = 0; i < this.#parts.length; i++) {
      const found = this.#parts[i]?.extract(headers);
      if (found?.spanId !== undefined) return found;
      hint ??= found;
    }
    return hint;
  }

  inject(span: SpanIds, set: (name: string, value: string) => void): void {
    for (let i = 0; i < this.#parts.length; i++) this.#parts[i]?.inject(span, set);
  }
}
