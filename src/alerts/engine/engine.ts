import type { Clock } from '../../core/clock.js';
import { diagnostics } from '../../core/diagnostics.js';
import { Increases } from '../readings/increases.js';
import { type Reader, readers } from '../readings/readers.js';
import type { Reading } from '../readings/reading.js';
import type { AlertSources } from '../readings/sources.js';
import { type Burns, Views } from '../readings/view.js';
import type { SettledRule } from '../rule.js';
import { AlertSeries } from './series.js';

/** Time between two evaluations. */
export const EVALUATION_MS = 10_000;
/** Later than so many intervals, nobody knows what was in between: the loop stood still, or the machine did. */
const LATE_SHARE = 2.5;
/** Of one rule, and of all. */
const MAX_SERIES = 200;
const MAX_ALL = 2000;

const NO_BURNS: Burns = { burns: () => [] };

/** What an evaluation has found. */
export interface Found {
  /** Series that fire, the longest first. */
  readonly firing: readonly AlertSeries[];
  /** Series whose episode has ended with this evaluation. */
  readonly ended: readonly AlertSeries[];
}

interface Moment {
  readonly nowMs: number;
  readonly elapsedMs: number;
  /** How many more series there may be. */
  room: number;
}

interface Watched {
  readonly rule: SettledRule;
  readonly read: Reader;
  readonly series: Map<string, AlertSeries>;
}

/**
 * Evaluates all rules on one moment's figures. Durations come from the monotonic clock and from the time that really
 * passed. An evaluation that comes too late moves nothing: what it sees was made by the very stall that delayed it.
 * Never throws; one rule that fails does not keep the others from being evaluated.
 */
export class Engine {
  readonly #clock: Clock;
  readonly #sources: AlertSources;
  readonly #burns: Burns;
  readonly #watched = new Map<string, Watched>();
  readonly #increases = new Increases();
  readonly #lateMs: number;
  /** Of rules that were replaced or let go while they fired. */
  readonly #orphans: AlertSeries[] = [];
  #lastMs = Number.NaN;

  constructor(clock: Clock, sources: AlertSources, burns: Burns = NO_BURNS, intervalMs: number = EVALUATION_MS) {
    this.#lateMs = LATE_SHARE * intervalMs;
    this.#clock = clock;
    this.#sources = sources;
    this.#burns = burns;
  }

  /** The same name takes the place of the former, whose alerts end with that. */
  add(rule: SettledRule): void {
    this.#end(this.#watched.get(rule.name));
    this.#watched.set(rule.name, { rule, read: readers[rule.signal.base], series: new Map() });
  }

  /** Lets go of a rule that is no longer declared: its alerts end with that. One that has since been replaced stays. */
  remove(rule: SettledRule): void {
    const watched = this.#watched.get(rule.name);
    if (watched?.rule !== rule) return;
    this.#end(watched);
    this.#watched.delete(rule.name);
  }

  all(): AlertSeries[] {
    return [...this.#watched.values()].flatMap(({ series }) => [...series.values()]);
  }

  evaluate(): Found {
    const nowMs = this.#clock.monotonic();
    const elapsedMs = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    const isGap = !(elapsedMs > 0 && elapsedMs <= this.#lateMs); // NaN, the first, is one too
    const views = new Views(nowMs, this.#sources, this.#increases, this.#burns);
    const ended = this.#orphans.splice(0);
    const moment: Moment = { nowMs, elapsedMs, room: MAX_ALL - this.all().length };
    for (const watched of this.#watched.values()) {
      try {
        const readings = watched.read(views.of(watched.rule), watched.rule.signal.key);
        if (!isGap) ended.push(...judged(watched, readings, moment));
      } catch (cause) {
        diagnostics.report(`alert rule "${watched.rule.name}"`, cause);
      }
    }
    const firing = this.all().filter((series) => series.firing);
    return { firing: firing.sort((a, b) => (a.episode?.startedMs ?? 0) - (b.episode?.startedMs ?? 0)), ended };
  }

  #end(watched: Watched | undefined): void {
    const nowMs = this.#clock.monotonic();
    for (const series of watched?.series.values() ?? []) if (series.end(nowMs)) this.#orphans.push(series);
  }
}

/** Lets every series of a rule see its reading, also those that have none; returns those whose episode has ended. */
function judged({ rule, series }: Watched, readings: readonly Reading[], moment: Moment): AlertSeries[] {
  const { nowMs, elapsedMs } = moment;
  const byKey = new Map<string, Reading>();
  for (const reading of readings) byKey.set(reading.key, reading);
  for (const [key, reading] of byKey) {
    if (series.has(key)) continue;
    const isFull = series.size >= MAX_SERIES || (moment.room <= 0 && series.size > 0); // each rule has room for one
    if (isFull) {
      tooMany(rule, key, series.size);
      continue;
    }
    series.set(key, new AlertSeries(rule, reading, nowMs));
    moment.room--;
  }
  const ended: AlertSeries[] = [];
  for (const [key, one] of series) {
    if (one.see(byKey.get(key), nowMs, elapsedMs)) ended.push(one);
    if (one.isForgotten(nowMs)) series.delete(key);
  }
  return ended;
}

function tooMany({ name }: SettledRule, key: string, size: number): void {
  diagnostics.drop('alerts', 'series_cap');
  diagnostics.warn(
    `alerts series ${name}`,
    `alert rule "${name}" has more than ${size} series: "${key.slice(0, 80)}" and others are not watched`,
  );
}
