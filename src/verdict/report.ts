import type { MetricEvidence } from '../rollouts/evidence.js';
import type { Verdict } from './judge.js';
import type { ReleaseJudgement, VersionSummary } from './release.js';

const WORDS: Readonly<Record<Verdict, string>> = {
  pass: 'PROMOTE',
  rollback: 'ROLL BACK',
  hold: 'HOLD',
};

/** A judgement for people to read: the answer first, then what it rests on. Ends with a line break. */
export function reportText(judgement: ReleaseJudgement): string {
  const { verdict, reason, missing, baseline, candidate, evidence, from, to, ticks } = judgement;
  const lines = [
    `${WORDS[verdict]} ${candidate.version}: ${reason}`,
    ...missing.map((what) => `  missing: ${what}`),
    '',
    versionLine('baseline', baseline),
    versionLine('candidate', candidate),
    '',
    ...evidence.map(evidenceLine),
    '',
    `${ticks} ticks with both versions, from ${from} to ${to}`,
  ];
  return `${lines.join('\n')}\n`;
}

function versionLine(which: string, { version, processes, requests, errors, errorRatio }: VersionSummary): string {
  const ratio = errorRatio === null ? '' : ` (${(errorRatio * 100).toFixed(2)} %)`;
  return `  ${which.padEnd(10)} ${version}: ${Math.round(requests)} requests, ${Math.round(errors)} errors${ratio}, ${processes} processes`;
}

function evidenceLine({ metric, logE, limit, logPromote, ratio }: MetricEvidence): string {
  const { low, high, missing } = ratio;
  const range =
    low === null || high === null ? (missing ?? 'not enough data') : `${times(low)} to ${times(high)} the baseline's`;
  return `  ${metric.padEnd(10)} ${range}; against it ${power(logE)} of ${power(limit)}, for it ${power(logPromote)} of 20`;
}

function times(value: number): string {
  return Number.isFinite(value) ? `${value.toFixed(2)} x` : 'any multiple of';
}

/** An e-value from its logarithm. */
function power(log: number): string {
  return log > 14 ? `e^${Math.round(log)}` : Math.exp(log).toPrecision(3);
}
