import type { Clock } from '../core/clock.js';
import { Judge, type Judgement, type JudgeOptions, type ReleaseTicks } from './judge.js';
import type { PrometheusApi, Range } from './prometheus-api.js';
import { type ReleaseCounts, releaseCounts } from './release-counts.js';
import { durationsQuery, errorsQuery, type ReleaseQuery, versionLabel } from './release-query.js';

export interface ReleaseOptions extends ReleaseQuery, Omit<JudgeOptions, 'boundaries' | 'tickSeconds'> {
  /** How far back counts are read, seconds; from there on they are read until now. @default 1800 */
  readonly sinceSeconds?: number | undefined;
  /** One tick; not less than the scrape interval, as a tick with a scrape of one version alone tells nothing. @default 15 */
  readonly tickSeconds?: number | undefined;
}

/** What one version answered in all. */
export interface VersionSummary {
  readonly version: string;
  /** Processes that were seen of it. */
  readonly processes: number;
  readonly requests: number;
  readonly errors: number;
  /** `null` without a request. */
  readonly errorRatio: number | null;
}

export interface ReleaseJudgement extends Judgement {
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly baseline: VersionSummary;
  readonly candidate: VersionSummary;
}

const SINCE_S = 1800;
const TICK_S = 15;
/** As many steps as a Prometheus gives in one answer. */
const MOST_TICKS = 11_000;

/**
 * Two versions of one service, compared by what a Prometheus has scraped of them. Each reading starts at the same moment,
 * that of the first one: so it may be read again and again.
 */
export class Release {
  readonly #api: PrometheusApi;
  readonly #clock: Clock;
  readonly #options: ReleaseOptions;
  readonly #tickSeconds: number;
  readonly #from: number;

  constructor(api: PrometheusApi, clock: Clock, options: ReleaseOptions) {
    const { sinceSeconds = SINCE_S, tickSeconds = TICK_S } = options;
    this.#api = api;
    this.#clock = clock;
    this.#options = options;
    this.#tickSeconds = tickSeconds;
    this.#from = aligned(clock.now() / 1000 - sinceSeconds, tickSeconds);
  }

  get tickSeconds(): number {
    return this.#tickSeconds;
  }

  /** Rejects with a `PrometheusError`. */
  async read(): Promise<ReleaseJudgement> {
    const range = this.#range();
    const [durations, errors] = await Promise.all([
      this.#api.range(durationsQuery(this.#options), range),
      this.#api.range(errorsQuery(this.#options), range),
    ]);
    const { baseline, candidate } = this.#options;
    const versions = { label: versionLabel(this.#options), baseline, candidate };
    const counts = releaseCounts({ durations, errors }, timesOf(range), versions);
    const judge = new Judge({ ...this.#options, boundaries: counts.boundaries, tickSeconds: this.#tickSeconds });
    for (const tick of counts.ticks) judge.add(tick);
    return {
      ...judge.read(),
      from: iso(range.from),
      to: iso(range.to),
      baseline: summary('baseline', baseline, counts),
      candidate: summary('candidate', candidate, counts),
    };
  }

  #range(): Range {
    const stepSeconds = this.#tickSeconds;
    const to = aligned(this.#clock.now() / 1000, stepSeconds);
    return { from: Math.max(this.#from, to - (MOST_TICKS - 1) * stepSeconds), to, stepSeconds };
  }
}

/** The same ticks at each reading. */
function aligned(seconds: number, step: number): number {
  return Math.floor(seconds / step) * step;
}

function timesOf({ from, to, stepSeconds }: Range): number[] {
  return Array.from({ length: Math.round((to - from) / stepSeconds) + 1 }, (_, i) => from + i * stepSeconds);
}

function summary(which: keyof ReleaseTicks, version: string, { ticks, processes }: ReleaseCounts): VersionSummary {
  let requests = 0;
  let errors = 0;
  for (const tick of ticks) {
    requests += tick[which].requests;
    errors += tick[which].errors;
  }
  return {
    version,
    processes: processes[which],
    requests,
    errors,
    errorRatio: requests === 0 ? null : errors / requests,
  };
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
