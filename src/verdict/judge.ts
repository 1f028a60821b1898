import { type MetricEvidence, metricEvidence } from '../rollouts/evidence.js';
import { Family } from '../rollouts/evidence-family.js';
import { LastMinute } from '../rollouts/evidence-lanes.js';
import { FEWEST_SAMPLES, LatencyFamilies } from '../rollouts/evidence-latency.js';
import { type Counts, TOLERANCE } from '../rollouts/evidence-ratio.js';
import { Ledger, type Sums } from '../rollouts/evidence-sums.js';
import { eValue } from '../rollouts/guard-said.js';

/** `pass`: promote. `rollback`: take it back. `hold`: not enough is known. */
export type Verdict = 'pass' | 'rollback' | 'hold';

/** What one version answered in one tick. */
export interface ReleaseTick {
  readonly requests: number;
  readonly errors: number;
  /** Requests by duration: `durations[i]` up to boundary `i`, the last one open. */
  readonly durations: ArrayLike<number>;
}

export interface ReleaseTicks {
  readonly baseline: ReleaseTick;
  readonly candidate: ReleaseTick;
}

export interface JudgeOptions {
  /** Boundaries of the durations, seconds, rising. */
  readonly boundaries: readonly number[];
  readonly tickSeconds: number;
  /** Ratios of the candidate's rate to the baseline's up to here are accepted. @default 1.5 */
  readonly tolerance?: number | undefined;
  /** The chance that a harmless candidate is ever rolled back. @default 0.01 */
  readonly alpha?: number | undefined;
  /** An error ratio that both versions miss is an incident, and the candidate is not blamed for it. @default 0.05 */
  readonly objective?: number | undefined;
  /** Nothing passes before both versions have been seen for so long. @default 120 */
  readonly minHoldSeconds?: number | undefined;
  /** What is compared. @default errors and latency */
  readonly metrics?: readonly JudgedMetric[] | undefined;
}

/** The answer with all that it rests on. Plain data. */
export interface Judgement {
  readonly verdict: Verdict;
  /** One sentence. */
  readonly reason: string;
  /** What a `pass` lacks. Empty for all others. */
  readonly missing: readonly string[];
  readonly evidence: readonly MetricEvidence[];
  /** Seconds: the baseline's p90, p99 and 1.25 x p99; `Infinity`, in JSON `null`, beyond the last boundary. Empty while there is too little of it. */
  readonly thresholds: readonly number[];
  /** How much burstier the baseline's errors are than independent ones. */
  readonly dispersion: number;
  /** Ticks in which both versions answered something. */
  readonly ticks: number;
}

/** A service that has no errors to compare: fewer than this is proof enough. */
const MOST_ERRORS = 0.005;
const SILENT_TICKS = 3;
export const JUDGED = ['errors', 'latency'] as const;
export type JudgedMetric = (typeof JUDGED)[number];

/**
 * Judges a release tick by tick, by the same evidence as a guarded flag: whatever hits both versions at once is evidence
 * against neither, and it may be asked after each tick for ever. Pods of two versions differ by more than their code (host,
 * age, caches), which no statistics can tell from the release: give it more than one pod of each.
 */
export class Judge {
  readonly #options: Required<{ [K in keyof JudgeOptions]: NonNullable<JudgeOptions[K]> }>;
  readonly #errors: Family;
  readonly #latency: LatencyFamilies;
  readonly #minute: LastMinute;
  readonly #sums = new Ledger();
  #tick = 0;
  #both = 0;
  /** A rollback stands: evidence that has once been enough is not taken back by what comes after it. */
  #condemned: string | undefined;

  constructor({
    tolerance = TOLERANCE,
    alpha = 0.01,
    objective = 0.05,
    minHoldSeconds = 120,
    metrics = JUDGED,
    ...options
  }: JudgeOptions) {
    this.#options = { ...options, tolerance, alpha, objective, minHoldSeconds, metrics };
    this.#errors = new Family('errors', { tolerance, mostBad: MOST_ERRORS });
    this.#latency = new LatencyFamilies(options.boundaries, { tolerance });
    this.#minute = new LastMinute(60 / options.tickSeconds, objective);
  }

  add({ baseline, candidate }: ReleaseTicks): void {
    const moment = { tick: this.#tick++, stage: 0 };
    const errors = { control: counts(baseline), canary: counts(candidate) };
    const into: Record<string, readonly number[]> = {};
    this.#errors.tick(errors, moment, into);
    this.#latency.tick({ control: baseline.durations, canary: candidate.durations }, moment, into);
    this.#sums.add(into satisfies Sums);
    this.#minute.add(errors);
    if (baseline.requests > 0 && candidate.requests > 0) this.#both++;
    this.#condemned ??= this.#accusation();
  }

  read(): Judgement {
    const evidence = this.#evidence();
    const missing = this.#missing(evidence);
    const { verdict, reason } = this.#verdict(missing);
    return {
      verdict,
      reason,
      missing: verdict === 'hold' ? missing : [],
      evidence,
      thresholds: this.#latency.thresholds,
      dispersion: this.#errors.phi,
      ticks: this.#both,
    };
  }

  #evidence(): MetricEvidence[] {
    const { alpha, metrics } = this.#options;
    const question = { tick: this.#tick, stage: 0, alpha, tests: metrics.length };
    return metrics.map((metric) => metricEvidence(metric, this.#sums, question));
  }

  #accusation(): string | undefined {
    if (this.#minute.read().broken) return 'at least half of its requests fail, and the baseline answers';
    const { tolerance } = this.#options;
    const worse = this.#evidence().filter(({ rollback }) => rollback);
    if (worse.length === 0) return undefined;
    return worse.map(({ metric }) => `${metric}: more than ${tolerance} times the baseline's`).join('; ');
  }

  #verdict(missing: readonly string[]): { verdict: Verdict; reason: string } {
    if (this.#condemned !== undefined) return { verdict: 'rollback', reason: this.#condemned };
    const { bothBad, silent } = this.#minute.read();
    if (bothBad)
      return { verdict: 'hold', reason: 'both versions miss their objective: an incident, which is not the release' };
    for (const [version, ticks] of [
      ['baseline', silent.control],
      ['candidate', silent.canary],
    ] as const) {
      if (ticks >= SILENT_TICKS) return { verdict: 'hold', reason: `no requests of the ${version}` };
    }
    if (missing.length > 0) return { verdict: 'hold', reason: 'not enough evidence' };
    return { verdict: 'pass', reason: 'no metric is twice as bad as the baseline' };
  }

  #missing(evidence: readonly MetricEvidence[]): string[] {
    const { minHoldSeconds, tickSeconds } = this.#options;
    const missing = evidence.flatMap(({ metric, promote, logPromote, control, canary }) => {
      if (promote) return [];
      const { samples } = this.#latency;
      if (metric === 'latency' && samples < FEWEST_SAMPLES)
        return [`latency: ${whole(samples)} of ${FEWEST_SAMPLES} requests of the baseline`];
      const seen = `${whole(canary.total)} requests of the candidate (${whole(canary.bad)} bad), ${whole(control.total)} of the baseline (${whole(control.bad)} bad)`;
      return [`${metric}: evidence ${eValue(logPromote)} of 20 that it is less than twice as bad, after ${seen}`];
    });
    const seconds = this.#both * tickSeconds;
    return seconds < minHoldSeconds
      ? [`${whole(seconds)} of ${minHoldSeconds} s with both versions`, ...missing]
      : missing;
  }
}

function counts({ requests, errors }: ReleaseTick): Counts {
  return { total: requests, bad: errors };
}

function whole(value: number): string {
  return String(Math.round(value));
}
