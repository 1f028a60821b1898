import hdr from 'hdr-histogram-js/dist/Int32Histogram.js';

/** Microseconds. 1 us as the floor: a coarser one is wrong by 6 to 10 % on routes of 0.3 ms (see ARCHITECTURE.md). */
const LOWEST_US = 1;
const HIGHEST_US = 60_000_000;
const SIGNIFICANT_DIGITS = 2;

/** The package is CommonJS: Node imports its exports as one object, some bundlers and test runners the class itself. */
const imported: typeof hdr | typeof hdr.default = hdr;
const Int32Histogram = 'default' in imported ? imported.default : imported;

/**
 * Latencies of one window slot: HDR histogram (Tene), 2 significant digits over 1 us to 60 s, 11 KiB, relative error
 * under 1 %. Takes any number and never throws: what is outside is clamped.
 */
export class LatencyHistogram {
  readonly #histogram = histogram();

  /** Returns false when the value was beyond 60 s, or no number, and had to be clamped. */
  record(ms: number): boolean {
    const us = ms * 1000;
    if (us > 0 && us <= HIGHEST_US) {
      const whole = (us + 0.5) | 0; // a small integer, which no call has to box
      this.#histogram.recordValue(whole === 0 ? LOWEST_US : whole);
      return true;
    }
    this.#histogram.recordValue(us > 0 ? HIGHEST_US : LOWEST_US);
    return us === 0;
  }

  add(other: LatencyHistogram): void {
    this.#histogram.add(other.#histogram);
  }

  reset(): void {
    this.#histogram.reset();
  }

  get count(): number {
    return this.#histogram.totalCount;
  }

  /** Seconds below which that share (0 to 1) of the values lies, to the middle of its bucket. Needs a count above 0. */
  quantile(share: number): number {
    const upper = this.#histogram.getValueAtPercentile(share * 100);
    return (this.#histogram.lowestEquivalentValue(upper) + upper) / 2 / 1e6;
  }
}

function histogram(): InstanceType<typeof Int32Histogram> {
  const made = new Int32Histogram(LOWEST_US, HIGHEST_US, SIGNIFICANT_DIGITS);
  made.autoResize = false;
  return made;
}
