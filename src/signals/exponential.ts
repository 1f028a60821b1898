/** Buckets per power of two, as a power of two: each bound is 2^(1/32) = 1.0219 times the one before (OTLP's `scale`). */
export const SCALE = 5;
const PER_OCTAVE = 2 ** SCALE;
/** From about a microsecond up to four and a half hours; what is outside goes to the first or the last bucket. */
const LOWEST_OCTAVE = -20;
const OCTAVES = 34;

/**
 * Base-2 exponential buckets (OpenTelemetry metrics data model, "ExponentialHistogram") that are never reset. Bucket `i`
 * holds values above 2^(i/32) up to 2^((i+1)/32) seconds, so any quantile taken from them is within 1.1 %. Memory comes
 * with the values, 256 bytes a power of two: a route that answers in 1 to 64 ms holds 1.5 KiB.
 */
export class ExponentialBuckets {
  readonly #octaves: (Float64Array | undefined)[] = [];
  /** Values that are zero, negative or no number. */
  zeroCount = 0;

  record(value: number): void {
    if (!(value > 0)) {
      this.zeroCount++;
      return;
    }
    const index = Math.ceil(Math.log2(value) * PER_OCTAVE) - 1 - LOWEST_OCTAVE * PER_OCTAVE;
    this.add(index < 0 ? 0 : index < OCTAVES * PER_OCTAVE ? index : OCTAVES * PER_OCTAVE - 1, 1);
  }

  /** `position`: counted from the lowest bucket there is. */
  add(position: number, count: number): void {
    const octave = position >> SCALE;
    this.#octaves[octave] ??= new Float64Array(PER_OCTAVE);
    const counts = this.#octaves[octave] as Float64Array;
    (counts[position & (PER_OCTAVE - 1)] as number) += count;
  }

  /** From the first bucket that holds something to the last: `counts[0]` is bucket `offset` of that scale. */
  read(): { readonly scale: number; readonly offset: number; readonly counts: number[] } {
    let first = -1;
    const counts: number[] = [];
    let length = 0;
    for (let octave = 0; octave < this.#octaves.length; octave++) {
      const held = this.#octaves[octave];
      if (held === undefined && first === -1) continue;
      for (let i = 0; i < PER_OCTAVE; i++) {
        const count = held?.[i] ?? 0;
        if (count > 0 && first === -1) first = octave * PER_OCTAVE + i;
        if (first === -1) continue;
        counts.push(count);
        if (count > 0) length = counts.length;
      }
    }
    counts.length = length;
    return { scale: SCALE, offset: first === -1 ? 0 : first + LOWEST_OCTAVE * PER_OCTAVE, counts };
  }

  /** What is in here, as positions for `add` and their counts, in turn. */
  entries(): number[] {
    const { offset, counts } = this.read();
    const first = offset - LOWEST_OCTAVE * PER_OCTAVE;
    return counts.flatMap((count, i) => (count > 0 ? [first + i, count] : []));
  }
}
