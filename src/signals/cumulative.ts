import { slot } from '../core/slot.js';
import { ExponentialBuckets } from './exponential.js';

/** Seconds. The boundaries that OpenTelemetry's HTTP semantic conventions give for request durations. */
export const DEFAULT_BOUNDARIES: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

/** What is kept besides the explicit buckets. Both cost memory and a few nanoseconds a record, so both are off unless asked for. */
export interface HistogramExtras {
  /** The last traced value of each bucket, with its trace: for OpenMetrics and OTLP. */
  readonly exemplars?: boolean | undefined;
  /** Buckets of 2.2 % besides the explicit ones: for OTLP's exponential histograms. @default `histogramDefaults` */
  readonly exponential?: boolean | undefined;
}

/** For histograms made from now on, whoever makes them: those of dependencies and timers are made where no options reach. */
export const histogramDefaults: { exponential: boolean } = slot('histogram.defaults', () => ({ exponential: false }));

/** A real value that fell into a bucket. */
export interface Exemplar {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  readonly value: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * Durations since the start of the process, for export: explicit buckets that are never reset, in plain numbers.
 * `counts[i]` holds the values above boundary `i - 1` up to and including boundary `i`; the last is open.
 */
export class CumulativeHistogram {
  readonly boundaries: readonly number[];
  readonly counts: Float64Array;
  count = 0;
  /** Seconds. */
  sum = 0;
  readonly exponential: ExponentialBuckets | undefined;
  readonly #exemplars: Kept[] | undefined;

  constructor(boundaries: readonly number[], extras: HistogramExtras = {}) {
    this.boundaries = boundaries;
    this.counts = new Float64Array(boundaries.length + 1);
    this.exponential = (extras.exponential ?? histogramDefaults.exponential) ? new ExponentialBuckets() : undefined;
    this.#exemplars = extras.exemplars ? [] : undefined;
  }

  /** `traceId`, `at` (epoch ms): of a trace that somebody can look up; left out, the value leaves no exemplar. */
  record(seconds: number, traceId?: string, at = 0): void {
    const { boundaries } = this;
    let low = 0;
    let high = boundaries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (seconds <= (boundaries[middle] as number)) high = middle;
      else low = middle + 1;
    }
    (this.counts[low] as number)++;
    this.count++;
    if (seconds > 0) this.sum += seconds; // NaN would stay for good
    this.exponential?.record(seconds);
    if (traceId !== undefined && this.#exemplars !== undefined) remember(this.#exemplars, low, traceId, seconds, at);
  }

  /** The exemplar of bucket `index`, as it is now. */
  exemplar(index: number): Exemplar | undefined {
    return this.#exemplars?.[index];
  }
}

type Kept = { -readonly [K in keyof Exemplar]: Exemplar[K] };

function remember(all: Kept[], index: number, traceId: string, value: number, at: number): void {
  const known = all[index];
  if (known === undefined) {
    all[index] = { traceId, value, at };
    return;
  }
  known.traceId = traceId;
  known.value = value;
  known.at = at;
}
