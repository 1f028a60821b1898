import type { Decision, Evidence } from './guard-decision.js';

export type Step =
  | 'rollout_started'
  | 'rollout_advanced'
  | 'rollout_paused'
  | 'rollout_resumed'
  | 'rollout_inconclusive'
  | 'rollout_rolled_back'
  | 'rollout_rearmed'
  | 'rollout_done';

/** One step of a rollout, for the log, an alert, a counter, a webhook. */
export interface RolloutEvent {
  readonly event: Step;
  readonly flag: string;
  /** Percent before and after. */
  readonly from: number;
  readonly to: number;
  readonly reason: string;
  readonly evidence: Evidence | undefined;
  /** `critical` asks for a person now, `warning` soon. */
  readonly severity: 'info' | 'warning' | 'critical';
  /** `fleet`: another process decided, or was first with the same, and tells it. */
  readonly by: 'this process' | 'fleet' | 'a person';
  readonly version: string;
  /** Epoch ms. */
  readonly at: number;
}

/** How a decision is told. `before`: what was in force until then. */
export function eventOf(before: Decision | undefined, decision: Decision, by: RolloutEvent['by']): RolloutEvent {
  const { flag, percent: to, reason, evidence, versions, at, phase } = decision;
  const from = before?.percent ?? 0;
  const common = { flag, from, to, reason, evidence, by, version: versions.at(-1) ?? '', at };
  if (phase === 'rolled_back') return { ...common, event: 'rollout_rolled_back', severity: 'critical' };
  if (phase === 'done') return { ...common, event: 'rollout_done', severity: 'info' };
  if (before === undefined) return { ...common, event: 'rollout_started', severity: 'info' };
  const armed = before.arm !== decision.arm;
  return { ...common, event: armed ? 'rollout_rearmed' : 'rollout_advanced', severity: 'info' };
}
