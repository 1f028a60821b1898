import type { TimedSlot } from './timed-slot.js';

export const SLOT_MS = 10_000;
export const SLOTS = 6;

/**
 * The last minute of one route, or of whatever else is timed: a ring of six slots of ten seconds, each reset by the first
 * that ends in it. No timer, so what is idle costs nothing; the slot number comes from the monotonic clock, so neither a
 * stalled loop nor a jump of the wall clock can mix two minutes up.
 */
export class RollingWindow<S extends TimedSlot> {
  readonly #slots: readonly S[];

  constructor(slot: () => S) {
    this.#slots = Array.from({ length: SLOTS }, slot);
  }

  /** The slot for what ended then; `undefined` when that was a minute or more ago, as with HTTP/2 it can be. */
  at(endedMs: number): S | undefined {
    const number = Math.floor(endedMs / SLOT_MS);
    const slot = this.#slots[number % SLOTS];
    if (slot === undefined || number < slot.number) return undefined;
    if (slot.number !== number) slot.begin(number);
    return slot;
  }

  /** The slots that still count at `nowMs` for a window of that many slots, the current one included. */
  live(nowMs: number, slots: number): S[] {
    const current = Math.floor(nowMs / SLOT_MS);
    return this.#slots.filter((slot) => slot.number >= 0 && slot.number > current - slots && slot.number <= current);
  }
}

/** The seconds that such a window really covers: the current slot is under way, and nothing is older than `startedMs`. */
export function coveredSeconds(nowMs: number, slots: number, startedMs: number): number {
  const windowBegan = (Math.floor(nowMs / SLOT_MS) - (slots - 1)) * SLOT_MS;
  return (nowMs - Math.max(windowBegan, startedMs)) / 1000;
}
