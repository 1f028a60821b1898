import { diagnostics } from '../core/diagnostics.js';
import type { AttributeSets } from './business-declaration.js';
import { CumulativeHistogram } from './cumulative.js';

export const OTHER_VALUE = '_other';
const MAX_SERIES = 1000;

/** One combination of attribute values. Plain numbers; the object stays the same. */
export interface MetricSeries {
  readonly attributes: Readonly<Record<string, string>>;
  /** Of a counter its total, of a gauge what it was last set to. Of a timer unused. */
  value: number;
  /** Of a timer. */
  readonly durations: CumulativeHistogram | undefined;
}

/** The series of one metric, found by attribute values without building a key. */
export class SeriesTable {
  readonly #metric: string;
  readonly #names: readonly string[];
  /** By attribute, the place of each value. The place after the last is that of `_other`. */
  readonly #places: readonly ReadonlyMap<unknown, number>[];
  readonly #values: readonly (readonly string[])[];
  /** By the number that the places make up. */
  readonly #series = new Map<number, MetricSeries>();
  readonly #boundaries: readonly number[] | undefined;

  /** `boundaries`: of the durations, for a timer. */
  constructor(metric: string, sets: AttributeSets, boundaries: readonly number[] | undefined) {
    this.#metric = metric;
    this.#names = Object.keys(sets);
    this.#values = Object.values(sets).map((values) => [...values]);
    this.#places = this.#values.map((values) => new Map(values.map((value, place) => [value, place])));
    this.#boundaries = boundaries;
  }

  all(): MetricSeries[] {
    return [...this.#series.values()];
  }

  /** A value outside of its set, or missing, is `_other`; an attribute that was not declared is left out. Both are counted. */
  find(attributes: object | undefined): MetricSeries {
    const given = attributes as Readonly<Record<string, unknown>> | undefined; // what it holds is looked at below
    let number = 0;
    let folded = false;
    for (let i = 0; i < this.#names.length; i++) {
      const places = this.#places[i] as ReadonlyMap<unknown, number>;
      const place = places.get(given?.[this.#names[i] as string]);
      if (place === undefined) folded = true;
      number = number * (places.size + 1) + (place ?? places.size);
    }
    if (folded) this.#tell('value_undeclared', 'was given a value that is not in the set of its attribute');
    if (given !== undefined) this.#lookForUndeclared(given);
    return this.#series.get(number) ?? this.#add(number);
  }

  /** What came is nothing that the metric can take. */
  refuse(value: unknown, takes: string): void {
    const came = typeof value === 'number' ? String(value) : `a ${typeof value}`;
    diagnostics.drop('business', 'no_number');
    diagnostics.warn(
      'business.no_number',
      `metric "${this.#metric}" was given ${came} and takes ${takes}: it is left out`,
    );
  }

  #lookForUndeclared(given: Readonly<Record<string, unknown>>): void {
    for (const name in given) {
      if (!this.#names.includes(name))
        this.#tell('attribute_undeclared', 'was given an attribute that it does not have');
    }
  }

  #add(number: number): MetricSeries {
    const place = this.#series.size < MAX_SERIES - 1 ? number : this.#lastPlace();
    if (place !== number) this.#tell('series_cap', `has more than ${MAX_SERIES} combinations of values`);
    const known = this.#series.get(place);
    if (known !== undefined) return known;
    const durations = this.#boundaries && new CumulativeHistogram(this.#boundaries);
    const made = { attributes: this.#attributesAt(place), value: 0, durations };
    this.#series.set(place, made);
    return made;
  }

  /** Where every attribute is `_other`. */
  #lastPlace(): number {
    return this.#values.reduce((number, values) => number * (values.length + 1) + values.length, 0);
  }

  #attributesAt(place: number): Record<string, string> {
    let rest = place;
    const entries: [string, string][] = [];
    for (let i = this.#names.length - 1; i >= 0; i--) {
      const values = this.#values[i] as readonly string[];
      entries.unshift([this.#names[i] as string, values[rest % (values.length + 1)] ?? OTHER_VALUE]);
      rest = Math.floor(rest / (values.length + 1));
    }
    return Object.fromEntries(entries);
  }

  #tell(reason: string, what: string): void {
    diagnostics.drop('business', reason);
    diagnostics.warn(reasonCode(reason), `metric "${this.#metric}" ${what}: counted as "${OTHER_VALUE}" or left out`);
  }
}

/** Known beforehand, so that none is built on the way of a record. */
const CODES = new Map(
  ['value_undeclared', 'attribute_undeclared', 'series_cap'].map((reason) => [reason, `business.${reason}`]),
);
const reasonCode = (reason: string): string => CODES.get(reason) ?? reason;
