import type { Clock } from '../core/clock.js';
import {
  type AttributeSets,
  checkDeclaration,
  MetricError,
  type MetricKind,
  type MetricOptions,
  shapeOf,
  type TimerOptions,
} from './business-declaration.js';
import { Counter, Gauge, Timer } from './business-instruments.js';
import { type MetricSeries, SeriesTable } from './business-series.js';
import { DEFAULT_BOUNDARIES } from './cumulative.js';

const MAX_METRICS = 50;

/** A metric as it was declared, and what was recorded of it. */
export interface MetricDeclaration {
  readonly name: string;
  readonly kind: MetricKind;
  readonly unit: string;
  readonly action: string;
  readonly attributes: AttributeSets;
  /** One per combination of attribute values that was recorded. */
  readonly series: readonly MetricSeries[];
}

interface Declared {
  readonly name: string;
  readonly kind: MetricKind;
  readonly shape: string;
  readonly options: MetricOptions<AttributeSets>;
  readonly series: SeriesTable;
  readonly instrument: unknown;
}

/** The business metrics of a process. What is declared wrongly throws a `MetricError`; what is recorded never throws. */
export class BusinessMetrics {
  readonly #clock: Clock;
  /** By the name as Prometheus will have it: `a.b` and `a_b` would be one there. */
  readonly #declared = new Map<string, Declared>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  counter<const A extends AttributeSets>(name: string, options: MetricOptions<A>): Counter<A> {
    return this.#declare('counter', name, options, undefined, (series) => new Counter<A>(series));
  }

  gauge<const A extends AttributeSets>(name: string, options: MetricOptions<A>): Gauge<A> {
    return this.#declare('gauge', name, options, undefined, (series) => new Gauge<A>(series));
  }

  timer<const A extends AttributeSets>(name: string, options: TimerOptions<A>): Timer<A> {
    const edges = (): readonly number[] => options.buckets ?? DEFAULT_BOUNDARIES;
    return this.#declare('timer', name, options, edges, (series) => new Timer<A>(series, this.#clock));
  }

  declarations(): MetricDeclaration[] {
    return [...this.#declared.values()].map(({ name, kind, options, series }) => ({
      name,
      kind,
      unit: options.unit,
      action: options.action,
      attributes: options.attributes ?? {},
      series: series.all(),
    }));
  }

  #declare<I>(
    kind: MetricKind,
    name: string,
    options: TimerOptions<AttributeSets>,
    edges: (() => readonly number[]) | undefined,
    instrument: (series: SeriesTable) => I,
  ): I {
    checkDeclaration(kind, name, options);
    const key = name.replaceAll('.', '_');
    const shape = shapeOf(kind, options);
    const known = this.#declared.get(key);
    if (known !== undefined) {
      checkSame(known, name, shape);
      return known.instrument as I; // of the same kind and attributes, as the shape is the same
    }
    if (this.#declared.size >= MAX_METRICS) throw tooMany(kind, name);
    const series = new SeriesTable(name, options.attributes ?? {}, edges?.());
    const made = instrument(series);
    // A counter that nobody has touched yet stands at 0: what is not there at all cannot be alerted on.
    if (kind !== 'gauge' && options.attributes === undefined) series.find(undefined);
    this.#declared.set(key, { name, kind, shape, options: copyOf(options), series, instrument: made });
    return made;
  }
}

function checkSame(known: Declared, name: string, shape: string): void {
  if (known.shape === shape && known.name === name) return;
  const differs =
    known.name === name
      ? `it was declared before in another way, as ${known.shape}; now as ${shape}`
      : `"${known.name}" has the same name in Prometheus, where "." becomes "_"`;
  throw new MetricError(`metric "${name}": ${differs}. Declare it once and share what the declaration returns.`);
}

function tooMany(kind: MetricKind, name: string): MetricError {
  return new MetricError(
    `${kind}("${name}"): ${MAX_METRICS} metrics are declared already, and more are not kept. ` +
      'Metrics that differ in one word alone are one metric with an attribute for that word.',
  );
}

/** What the caller does to its own object later changes nothing. */
function copyOf({ unit, action, attributes = {} }: MetricOptions<AttributeSets>): MetricOptions<AttributeSets> {
  const sets = Object.entries(attributes).map(([name, values]) => [name, [...values]] as const);
  return { unit, action, attributes: Object.fromEntries(sets) };
}
