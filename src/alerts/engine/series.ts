import type { Labels, Reading } from '../readings/reading.js';
import type { SettledRule } from '../rule.js';
import { Flapping } from './flapping.js';
import { INACTIVE, isFiring, type Sight, type Standing, step } from './machine.js';

/** From firing to resolved; times are monotonic ms. */
export interface Episode {
  readonly startedMs: number;
  /** NaN while it goes on. */
  endedMs: number;
  /** As it was when it began: what tells an alert from another must not change while it fires. */
  readonly flapping: boolean;
}

/** `resolved` is worth telling for as long as an Alertmanager may ask for it. */
const REMEMBERED_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;

/** One rule over one route, dependency, resource or whatever its signal is of. */
export class AlertSeries {
  readonly rule: SettledRule;
  readonly key: string;
  readonly labels: Labels;
  standing: Standing = INACTIVE;
  /** Since when it is in its state, monotonic ms. */
  sinceMs: number;
  /** What was last seen of it; `null` when that was nothing. */
  value: number | null = null;
  /** The running episode, or the last one. */
  episode: Episode | undefined = undefined;
  #seenMs: number;
  readonly #flapping = new Flapping();

  constructor(rule: SettledRule, { key, labels }: Reading, nowMs: number) {
    this.rule = rule;
    this.key = key;
    this.labels = labels;
    this.sinceMs = nowMs;
    this.#seenMs = nowMs;
  }

  get firing(): boolean {
    return isFiring(this.standing.state);
  }

  /** `reading`: `undefined` when there is nothing of it in the snapshot. True when its episode has ended with this. */
  see(reading: Reading | undefined, nowMs: number, elapsedMs: number): boolean {
    const { rule } = this;
    const wasFiring = this.firing;
    const before = this.standing.state;
    const sight = sightOf(rule, reading);
    if (sight !== 'nothing') this.#seenMs = nowMs;
    this.value = reading?.value ?? null;
    this.standing = step(this.standing, sight, elapsedMs, {
      forMs: rule.forSeconds * 1000,
      keepMs: this.#flapping.keepMs(rule.keepFiringForSeconds * 1000, nowMs),
      noData: rule.noData,
    });
    if (this.standing.state === 'resolved' && nowMs - this.sinceMs >= REMEMBERED_MS && before === 'resolved')
      this.standing = INACTIVE;
    if (this.standing.state !== before) this.sinceMs = nowMs;
    if (this.firing === wasFiring) return false;
    if (this.firing) {
      this.episode = { startedMs: nowMs, endedMs: Number.NaN, flapping: this.#flapping.isFlapping(nowMs) };
      return false;
    }
    this.#ended(nowMs);
    return true;
  }

  /** Ends it, whatever its value: its rule is no more. True when it was firing. */
  end(nowMs: number): boolean {
    if (!this.firing) return false;
    this.standing = INACTIVE;
    this.sinceMs = nowMs;
    this.#ended(nowMs);
    return true;
  }

  /** Nothing has been heard of it for an hour, and nobody waits for it. */
  isForgotten(nowMs: number): boolean {
    return this.standing.state === 'inactive' && nowMs - this.#seenMs > HOUR_MS;
  }

  #ended(nowMs: number): void {
    if (this.episode !== undefined) this.episode.endedMs = nowMs;
    this.#flapping.ended(nowMs);
  }
}

function sightOf({ side, fireAt, resolveAt, minSamples }: SettledRule, reading: Reading | undefined): Sight {
  if (reading === undefined) return 'nothing';
  const { value, samples } = reading;
  // Fewer samples than a percentile needs leave no value either; that is too little, and not nothing.
  if (value === null || Number.isNaN(value)) return samples > 0 && samples < minSamples ? 'few' : 'nothing';
  if (samples < minSamples) return 'few';
  if (side === 'above' ? value > fireAt : value < fireAt) return 'beyond';
  return (side === 'above' ? value > resolveAt : value < resolveAt) ? 'band' : 'clear';
}
