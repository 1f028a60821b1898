/** What a probe saw of its resource. Plain data. */
export interface Reading {
  /** How full the resource is: 0 idle, 1 full, above 1 when demand queues. Finite, never negative. */
  readonly ratio: number;
  /** What the ratio was made of, in SI units, the unit at the end of the key: `used_bytes`, `p99_seconds`, `quota_cpus`. */
  readonly readings: Readonly<Record<string, number>>;
}

/** How full the process's resources are. Plain data. */
export interface Saturation {
  /** The name of the fullest resource; `null` while there is no reading. */
  readonly worst: string | null;
  /** How full that one is: 0 idle, 1 full, above 1 when demand queues; `null` while there is no reading. */
  readonly ratio: number | null;
  /**
   * What each probe last saw, by the probe's name. A probe with nothing to say, or that failed, is not in it; nor is what is of
   * a time (event loop, CPU, GC, pressure, disk traffic) before the first interval is over.
   */
  readonly resources: Readonly<Record<string, Reading>>;
}
