import { Family, type FamilyOptions, type Moment } from './evidence-family.js';
import type { Tick } from './evidence-ratio.js';

/** How many requests of one tick ended in each bucket: `counts[i]` up to boundary `i`, the last one open. */
export interface LatencyTick {
  readonly control: ArrayLike<number>;
  readonly canary: ArrayLike<number>;
}

/** Slow is what is slower than one of these: a mean of three tests sees a shift of all requests and of the tail alone. */
export const LATENCY_FAMILIES = ['latency.p90', 'latency.p99', 'latency.tail'] as const;
/** What each weighs in that mean. Most regressions are the tail's, and a shift of all requests is seen soon anyway. */
export const LATENCY_WEIGHTS: readonly number[] = [1, 2, 2];
/** Twice the share that is slower by definition: less than that is proof enough, also where slow requests come in bursts. */
const MOST_SLOW: readonly number[] = [0.2, 0.02, 0.02];
/** Thresholds of fewer requests of the control would be noise. */
export const FEWEST_SAMPLES = 500;
/** What a tick counts for after another one: half an hour is remembered, so thresholds follow the day. */
const MEMORY = 0.995;
const TAIL = 1.25;

/**
 * Latency as three kinds of bad events: slower than the control's p90, p99, and 1.25 x p99. The thresholds are those of the
 * control's ticks before this one, so that no tick is judged by itself, and lie on bucket boundaries.
 */
export class LatencyFamilies {
  readonly families: readonly Family[];
  readonly #boundaries: readonly number[];
  readonly #past: Float64Array;
  #samples = 0;

  /** `boundaries`: seconds, rising. */
  constructor(boundaries: readonly number[], options: FamilyOptions) {
    this.#boundaries = boundaries;
    this.#past = new Float64Array(boundaries.length + 1);
    this.families = LATENCY_FAMILIES.map((name, i) => new Family(name, { ...options, mostBad: MOST_SLOW[i] }));
  }

  /** Requests of the control that thresholds are taken from. */
  get samples(): number {
    return this.#samples;
  }

  /** Seconds: p90, p99, 1.25 x p99. Empty as long as there is too little of the control. */
  get thresholds(): number[] {
    return this.#limits().map((index) => this.#boundaries[index] ?? Number.POSITIVE_INFINITY);
  }

  tick(tick: LatencyTick, moment: Moment, into: Record<string, readonly number[]>): void {
    this.#limits().forEach((index, i) => {
      const bad: Tick = { control: above(tick.control, index), canary: above(tick.canary, index) };
      this.families[i]?.tick(bad, moment, into);
    });
    this.#remember(tick.control);
  }

  /** Indices of the buckets above which a request is slow. */
  #limits(): number[] {
    if (this.#samples < FEWEST_SAMPLES) return [];
    const p99 = this.#quantile(0.99);
    return [this.#quantile(0.9), p99, p99 * TAIL].map((seconds) => this.#nearest(seconds));
  }

  /** Seconds, as if the requests of a bucket were spread evenly. */
  #quantile(q: number): number {
    let left = this.#samples * q;
    let below = 0;
    for (let i = 0; i < this.#boundaries.length; i++) {
      const boundary = this.#boundaries[i] as number;
      const count = this.#past[i] as number;
      if (left <= count) return below + ((boundary - below) * left) / count;
      left -= count;
      below = boundary;
    }
    return below;
  }

  #nearest(seconds: number): number {
    const above = this.#boundaries.findIndex((boundary) => boundary >= seconds);
    if (above === -1) return this.#boundaries.length - 1;
    const [low, high] = [this.#boundaries[above - 1] ?? 0, this.#boundaries[above] as number];
    return above > 0 && seconds - low < high - seconds ? above - 1 : above;
  }

  #remember(counts: ArrayLike<number>): void {
    let samples = 0;
    for (let i = 0; i < this.#past.length; i++) {
      const kept = (this.#past[i] as number) * MEMORY + (counts[i] ?? 0);
      this.#past[i] = kept;
      samples += kept;
    }
    this.#samples = samples;
  }
}

function above(counts: ArrayLike<number>, index: number): { total: number; bad: number } {
  let total = 0;
  let bad = 0;
  for (let i = 0; i < counts.length; i++) {
    total += counts[i] as number;
    if (i > index) bad += counts[i] as number;
  }
  return { total, bad };
}
