/** Seconds. The boundaries that OpenTelemetry's HTTP semantic conventions give for request durations. */
export const DEFAULT_BOUNDARIES: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

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

  constructor(boundaries: readonly number[]) {
    this.boundaries = boundaries;
    this.counts = new Float64Array(boundaries.length + 1);
  }

  record(seconds: number): void {
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
  }
}
