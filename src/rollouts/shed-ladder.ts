import type { ShedPlan } from './shed-plan.js';

export interface Rung {
  readonly flag: string;
  readonly plan: ShedPlan;
}

/** What is to be done now: at most one flag at a time, so that its effect is seen before the next. */
export interface Move {
  readonly what: 'shed' | 'restore';
  readonly rung: Rung;
}

/** Readings in a row above the threshold: one alone may be of a moment in which the process stood still. */
const FEWEST_READINGS = 2;
/** Back and off again within this time is flapping: the next hold is twice as long. */
const FLAP_MS = 60_000;
const LONGEST_HOLD_MS = 600_000;

/**
 * The ops flags of one resource in their order. They go off from the first to the last and come back from the last to the
 * first, with two thresholds and a hold. Pure: times are handed in, monotonic ms.
 */
export class Ladder {
  #rungs: readonly Rung[] = [];
  /** Off by this ladder, in the order in which they went, each with when and for how long at least. */
  readonly #off: { rung: Rung; atMs: number; holdMs: number }[] = [];
  readonly #restored = new Map<string, { atMs: number; holdMs: number }>();
  #aboveSinceMs: number | undefined;
  #aboveReadings = 0;
  #belowSinceMs: number | undefined;
  #movedMs = Number.NEGATIVE_INFINITY;

  get off(): readonly string[] {
    return this.#off.map(({ rung }) => rung.flag);
  }

  /** The flags there are now. One that is off and is an ops flag no more comes back with the next look. */
  set(rungs: readonly Rung[]): void {
    this.#rungs = [...rungs].sort((a, b) => a.plan.order - b.plan.order || (a.flag < b.flag ? -1 : 1));
  }

  /** `ratio`: how full the resource is; `undefined`, as nothing is known, moves nothing. */
  look(ratio: number | undefined, nowMs: number): Move | undefined {
    const gone = this.#off.find(({ rung }) => !this.#rungs.some(({ flag }) => flag === rung.flag));
    if (gone !== undefined) return this.#restore(gone.rung, nowMs);
    if (ratio === undefined) return undefined;
    const next = this.#rungs.find(({ flag }) => !this.off.includes(flag));
    const last = this.#off.at(-1);
    this.#watch(ratio, next?.plan, last?.rung.plan, nowMs);
    if (next !== undefined && this.#tooLong(next.plan, nowMs)) return this.#shed(next, nowMs);
    if (last !== undefined && this.#calm(last, nowMs)) return this.#restore(last.rung, nowMs);
    return undefined;
  }

  #watch(ratio: number, next: ShedPlan | undefined, last: ShedPlan | undefined, nowMs: number): void {
    const above = next !== undefined && ratio > next.above;
    this.#aboveSinceMs = above ? (this.#aboveSinceMs ?? nowMs) : undefined;
    this.#aboveReadings = above ? this.#aboveReadings + 1 : 0;
    const below = last !== undefined && ratio < last.below;
    this.#belowSinceMs = below ? (this.#belowSinceMs ?? nowMs) : undefined;
  }

  #tooLong({ forMs }: ShedPlan, nowMs: number): boolean {
    if (this.#aboveSinceMs === undefined || this.#aboveReadings < FEWEST_READINGS) return false;
    return nowMs - this.#aboveSinceMs >= forMs && nowMs - this.#movedMs >= forMs;
  }

  /** As calm as it was loaded, for a third of the hold, since the last one came back. */
  #calm({ rung, atMs, holdMs }: { rung: Rung; atMs: number; holdMs: number }, nowMs: number): boolean {
    if (this.#belowSinceMs === undefined) return false;
    const calmMs = Math.max(rung.plan.forMs, holdMs / 3);
    return nowMs - atMs >= holdMs && nowMs - this.#belowSinceMs >= calmMs && nowMs - this.#movedMs >= calmMs;
  }

  #shed(rung: Rung, nowMs: number): Move {
    const before = this.#restored.get(rung.flag);
    const flaps = before !== undefined && nowMs - before.atMs < FLAP_MS;
    const holdMs = flaps ? Math.min(LONGEST_HOLD_MS, before.holdMs * 2) : rung.plan.minHoldMs;
    this.#off.push({ rung, atMs: nowMs, holdMs });
    return this.#moved({ what: 'shed', rung }, nowMs);
  }

  #restore(rung: Rung, nowMs: number): Move {
    const at = this.#off.findIndex((each) => each.rung.flag === rung.flag);
    const [gone] = this.#off.splice(at, 1);
    this.#restored.set(rung.flag, { atMs: nowMs, holdMs: gone?.holdMs ?? rung.plan.minHoldMs });
    return this.#moved({ what: 'restore', rung }, nowMs);
  }

  #moved(move: Move, nowMs: number): Move {
    this.#movedMs = nowMs;
    this.#aboveSinceMs = undefined;
    this.#aboveReadings = 0;
    this.#belowSinceMs = undefined;
    return move;
  }
}
