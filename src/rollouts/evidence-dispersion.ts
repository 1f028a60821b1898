/** With fewer differences than this, nothing is said of the dispersion. */
const FEWEST = 6;
/** Standard errors of the estimate, sqrt(3 / k) for independent events. */
const NOISE = 2;

/**
 * How much burstier the control's bad events are than independent ones: retries and one angry user come in clusters, and
 * a cluster is one event's worth of evidence. Only ticks of the past count, so that the tempered evidence stays valid.
 */
export class Dispersion {
  #squares = 0;
  #differences = 0;
  #sum = 0;
  #ticks = 0;
  #last = 0;

  /** True once `phi` is measured and not assumed. */
  get known(): boolean {
    return this.#differences >= FEWEST && this.#sum > 0;
  }

  /**
   * Variance of a tick's count over its mean, of differences of neighbours, as a slow drift of the rate is no burst. 1 unless
   * it stands out from the noise of its own estimate: else independent errors would pay for it, early on by a quarter.
   */
  get phi(): number {
    const phi = this.estimate;
    return phi > 1 + NOISE * Math.sqrt(3 / this.#differences) ? phi : 1;
  }

  /** The same with its noise, at least 1: for promotion, which can wait and must not be wrong. */
  get estimate(): number {
    if (!this.known) return 1;
    return Math.max(1, this.#squares / (2 * this.#differences) / (this.#sum / this.#ticks));
  }

  /** The control's bad events of one tick, also when there were none. */
  add(bad: number): void {
    if (this.#ticks > 0) {
      this.#squares += (bad - this.#last) ** 2;
      this.#differences++;
    }
    this.#sum += bad;
    this.#ticks++;
    this.#last = bad;
  }
}
