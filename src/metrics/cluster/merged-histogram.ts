import type { Exemplar } from '../../signals/cumulative.js';
import { ExponentialBuckets } from '../../signals/exponential.js';
import type { HistogramValue } from '../family.js';
import type { HistogramDelta } from './report.js';

/** One series over all processes: their buckets added up, from which any percentile may be taken. */
export class MergedHistogram implements HistogramValue {
  readonly boundaries: readonly number[];
  readonly counts: Float64Array;
  count = 0;
  sum = 0;
  exponential: ExponentialBuckets | undefined = undefined;
  readonly #exemplars: Exemplar[] = [];

  constructor(boundaries: readonly number[]) {
    this.boundaries = boundaries;
    this.counts = new Float64Array(boundaries.length + 1);
  }

  add({ sum, zero, buckets, exponential, exemplars }: HistogramDelta): void {
    for (let i = 0; i < buckets.length; i += 2) {
      const bucket = buckets[i] as number;
      const added = buckets[i + 1] as number;
      if (bucket >= this.counts.length) continue;
      (this.counts[bucket] as number) += added;
      this.count += added;
    }
    this.sum += sum;
    if (exponential !== undefined) {
      this.exponential ??= new ExponentialBuckets();
      this.exponential.zeroCount += zero;
      for (let i = 0; i < exponential.length; i += 2) {
        this.exponential.add(exponential[i] as number, exponential[i + 1] as number);
      }
    }
    for (const [bucket, exemplar] of exemplars) this.#exemplars[bucket] = exemplar;
  }

  exemplar(index: number): Exemplar | undefined {
    return this.#exemplars[index];
  }
}
