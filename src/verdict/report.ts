import type { MetricEvidence } from '../rollouts/evidence.js';
import { eValue } from '../rollouts/guard-said.js';
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
  const { low, high, open, missing } = ratio;
  const range = low === null ? (missing ?? 'not enough data') : `${from(low, open ? null : high)} the baseline's`;
  return `  ${metric.padEnd(10)} ${range}; evidence against it ${eValue(logE)} of ${eValue(limit)}, for it ${eValue(logPromote)} of 20`;
}

function from(low: number, high: number | null): string {
  return high === null ? `${low.toFixed(2)} x or more of` : `${low.toFixed(2)} x to ${high.toFixed(2)} x`;
}
