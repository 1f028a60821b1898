import type { Exemplar } from '../signals/cumulative.js';
import type { ExponentialBuckets } from '../signals/exponential.js';

/** Attribute names as the semantic conventions have them; each writer turns them into what its format allows. */
export type Labels = Readonly<Record<string, string | number>>;

export interface NumberPoint {
  /** The same object at every collection where that is possible: writers keep what they made of it. */
  readonly labels: Labels;
  readonly value: number;
}

/** What a `CumulativeHistogram` is, and what is read from other sources in its shape. */
export interface HistogramValue {
  readonly boundaries: readonly number[];
  /** One more than there are boundaries; each bucket's own count, not the running sum. */
  readonly counts: ArrayLike<number>;
  readonly count: number;
  readonly sum: number;
  readonly exponential?: Pick<ExponentialBuckets, 'read' | 'entries' | 'zeroCount'> | undefined;
  exemplar?(index: number): Exemplar | undefined;
}

export interface HistogramPoint {
  readonly labels: Labels;
  readonly histogram: HistogramValue;
}

export interface SummaryPoint {
  readonly labels: Labels;
  /** Quantile, 0 to 1, and its value. */
  readonly quantiles: readonly (readonly [number, number])[];
  readonly count: number;
  readonly sum: number;
}

interface Described {
  /** By the semantic conventions where there is one: `http.server.request.duration`. */
  readonly name: string;
  /** UCUM: `s`, `By`, `1`, `{request}`. */
  readonly unit: string;
  /** One sentence with a full stop. */
  readonly help: string;
  /** What someone does when it moves. */
  readonly action: string;
  /** The name is one of Prometheus already, unit and suffix included, and stays as it is. */
  readonly foreign?: boolean | undefined;
  /** The same in each thread of the process, so that the main thread alone tells it. */
  readonly processWide?: boolean | undefined;
}

export interface Counter extends Described {
  readonly type: 'counter';
  readonly points: readonly NumberPoint[];
}

export interface Gauge extends Described {
  readonly type: 'gauge';
  /** What it is over several processes: memory adds up, a utilisation is that of the fullest. */
  readonly over: 'sum' | 'max';
  readonly points: readonly NumberPoint[];
}

export interface Histogram extends Described {
  readonly type: 'histogram';
  readonly points: readonly HistogramPoint[];
}

/** Never ours, as quantiles cannot be added up: of a registry that is included. */
export interface Summary extends Described {
  readonly type: 'summary';
  readonly points: readonly SummaryPoint[];
}

/** One metric with its series, read at collect time from plain numbers. */
export type Family = Counter | Gauge | Histogram | Summary;

/** Reads what it knows when it is asked. Must not wait; the families are used before anything else runs. */
export type Collector = () => readonly Family[];
