import type { MetricEvidence } from './evidence.js';

/** An e-value from its logarithm, as people read it and compare it with a limit of some hundred: 3.2, 870, over a million. */
export function eValue(log: number): string {
  const value = Math.exp(log);
  if (value >= 1e6) return 'over a million';
  if (value < 0.01) return 'under 0.01';
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2)));
}

function counts({ total, bad }: MetricEvidence['canary']): string {
  return `${bad} of ${total}`;
}

/** Why a variant is taken back. */
export function worse(variant: string, control: string, evidence: MetricEvidence): string {
  const { metric, logE, limit, control: usual, canary } = evidence;
  const what = `${metric} of "${variant}" (${counts(canary)} bad) are worse than of "${control}" (${counts(usual)})`;
  return `${what}: evidence ${eValue(logE)}, the limit is ${eValue(limit)}`;
}

/** What promotion still lacks of one metric. */
export function lacking(variant: string, control: string, evidence: MetricEvidence): string {
  const { metric, logPromote, control: usual, canary } = evidence;
  const asked = `not enough evidence yet that ${metric} of "${variant}" are less than twice as bad as of "${control}"`;
  return `${asked}: ${eValue(logPromote)} of 20 (${counts(canary)} bad beside ${counts(usual)})`;
}

export function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
