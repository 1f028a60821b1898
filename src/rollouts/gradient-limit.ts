/**
 * A limit of requests at a time that follows latency: down when it grows against its own past, up while there is room.
 */
export interface GradientOptions {
  /** Requests at a time to begin with. @default 20 */
  readonly start?: number | undefined;
  /** @default 4 */
  readonly least?: number | undefined;
  /** @default 1000 */
  readonly most?: number | undefined;
  /** Latency may grow by so much before less is let in. @default 1.5 */
  readonly tolerance?: number | undefined;
}

/** Looks after which the long latency has forgotten what was; of its first ones it is the mean. */
const LONG_LOOKS = 600;
const FIRST_LOOKS = 10;
/** Requests that one look is made of, at least; and as many as are let in at a time. */
const FEWEST = 10;
const SMOOTHING = 0.2;
const STEEPEST = 0.5;
/** Times the short one: the long latency is of worse times than these and has to come down. */
const STALE = 2;
const DECAY = 0.95;

/**
 * How many requests at a time a service does well: as many as leave latency where it usually is. When it grows beyond the
 * tolerance requests are queueing, and the limit falls by up to a half; else it grows by what a short queue would hold.
 * After the gradient limit of Netflix's concurrency-limits. Pure; durations are handed in.
 */
export class GradientLimit {
  readonly #least: number;
  readonly #most: number;
  readonly #tolerance: number;
  #limit: number;
  #inFlight = 0;
  #long = 0;
  #looks = 0;
  /** Of the look under way. */
  #count = 0;
  #sumMs = 0;
  #mostInFlight = 0;

  constructor({ start = 20, least = 4, most = 1000, tolerance = 1.5 }: GradientOptions = {}) {
    if (!(least >= 1 && least <= start && start <= most)) {
      throw new TypeError(`a concurrency limit needs 1 <= least <= start <= most; got ${least}, ${start}, ${most}`);
    }
    if (!(tolerance >= 1)) throw new TypeError(`the tolerance of a concurrency limit is 1 or more; got ${tolerance}`);
    this.#least = least;
    this.#most = most;
    this.#tolerance = tolerance;
    this.#limit = start;
  }

  get limit(): number {
    return Math.floor(this.#limit);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** False: there are as many as the service does well. True has to be followed by `release`. */
  acquire(): boolean {
    if (this.#inFlight >= this.limit) return false;
    this.#inFlight++;
    return true;
  }

  /** `durationMs`: how long it took; `undefined`, as of an aborted one, says nothing about latency. */
  release(durationMs: number | undefined): void {
    this.#mostInFlight = Math.max(this.#mostInFlight, this.#inFlight);
    this.#inFlight = Math.max(0, this.#inFlight - 1);
    if (durationMs === undefined || !(durationMs >= 0)) return;
    this.#count++;
    this.#sumMs += durationMs;
    if (this.#count >= Math.max(FEWEST, this.#limit)) this.#look(Math.max(this.#sumMs / this.#count, 1e-3));
  }

  #look(shortMs: number): void {
    const held = this.#mostInFlight >= this.#limit / 2; // else it is not the limit that holds anything up
    this.#count = 0;
    this.#sumMs = 0;
    this.#mostInFlight = 0;
    this.#looks++;
    this.#long += (shortMs - this.#long) / (this.#looks <= FIRST_LOOKS ? this.#looks : LONG_LOOKS);
    if (this.#long > STALE * shortMs) this.#long *= DECAY;
    if (!held) return;
    const gradient = Math.min(1, Math.max(STEEPEST, (this.#tolerance * this.#long) / shortMs));
    const wanted = this.#limit * gradient + Math.sqrt(this.#limit);
    const next = this.#limit * (1 - SMOOTHING) + wanted * SMOOTHING;
    this.#limit = Math.min(this.#most, Math.max(this.#least, next));
  }
}
