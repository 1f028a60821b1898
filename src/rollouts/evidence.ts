import { type RatioInterval, ratioInterval } from './evidence-interval.js';
import { LATENCY_FAMILIES, LATENCY_WEIGHTS } from './evidence-latency.js';
import { logMeanExp } from './evidence-ratio.js';
import { blockOf, type Ledger } from './evidence-sums.js';

/** Bad events of the canary, and different ticks that they fell into, before anything is taken back. */
const FEWEST_BAD = 5;
const FEWEST_TICKS = 3;
const LOG_PROMOTE = Math.log(20);

/** What the sums say of one metric. Plain data; logarithms are natural ones. */
export interface MetricEvidence {
  readonly metric: string;
  /** Of "the canary is worse than tolerated". */
  readonly logE: number;
  /** What `logE` has to pass for a rollback. */
  readonly limit: number;
  /** Of "the canary is less than twice as bad", in the stage that it is in. */
  readonly logPromote: number;
  readonly control: { readonly total: number; readonly bad: number };
  readonly canary: { readonly total: number; readonly bad: number };
  /** Ticks in which a bad event of the canary was seen; counted no further than is asked for. */
  readonly badTicks: number;
  /** The canary's rate as a multiple of the control's. */
  readonly ratio: RatioInterval;
  readonly rollback: boolean;
  readonly promote: boolean;
}

export interface Question {
  readonly tick: number;
  readonly stage: number;
  readonly alpha: number;
  /** How many tests share `alpha`: metrics times canaries. */
  readonly tests: number;
}

/** Reads the evidence of one metric out of the sums, be they of this process or of a fleet. */
export function metricEvidence(metric: string, sums: Ledger, { tick, stage, alpha, tests }: Question): MetricEvidence {
  const names: readonly string[] = metric === 'latency' ? LATENCY_FAMILIES : [metric];
  const [first = metric] = names; // the lowest threshold: whatever is beyond another one is beyond it
  const weights = metric === 'latency' ? LATENCY_WEIGHTS : [1];
  const block = blockOf(tick);
  const logE = logMeanExp(
    names.map((name) => sums.logE(`ratio.${name}`, block)),
    weights,
  );
  // Each threshold has to be proven: a tail that is worse must not hide behind requests that are as fast as ever.
  const logPromote = Math.min(
    ...names.map((name) => Math.max(logOf(sums, `promote.${name}.${stage}`), logOf(sums, `absolute.${name}.${stage}`))),
  );
  const counts = sums.of(`count.${first}`);
  const control = { total: counts?.[0] ?? 0, bad: counts?.[1] ?? 0 };
  const canary = { total: counts?.[2] ?? 0, bad: counts?.[3] ?? 0 };
  const badTicks = sums.countOf(`seen.${first}`);
  const limit = Math.log(tests / alpha);
  return {
    metric,
    logE,
    limit,
    logPromote,
    control,
    canary,
    badTicks,
    ratio: ratioInterval(sums.of(`interval.${first}`), control.bad + canary.bad),
    rollback: logE > limit && canary.bad >= FEWEST_BAD && badTicks >= FEWEST_TICKS,
    promote: logPromote > LOG_PROMOTE,
  };
}

function logOf(sums: Ledger, name: string): number {
  const vector = sums.of(name);
  return vector === undefined ? 0 : logMeanExp(vector);
}
