import type { Decision, Evidence, Phase } from './guard-decision.js';
import type { RolloutEvent } from './guard-event.js';
import type { Verdict } from './guard-judge.js';
import type { Plan } from './guard-plan.js';
import { seconds } from './guard-said.js';
import type { GuardStatus } from './guard-state.js';

/** How the rollout stands when a verdict comes. */
export interface Standing {
  readonly plan: Plan;
  readonly decision: Decision;
  readonly status: GuardStatus;
  /** How long it has been at its stage. */
  readonly heldMs: number;
  /** Epoch ms. */
  readonly at: number;
  readonly evidence: Evidence | undefined;
}

/** A step that decides nothing, to be told. */
export type Notice = Pick<RolloutEvent, 'event' | 'reason' | 'severity'>;

/** What a verdict leads to. */
export interface Next {
  readonly told: readonly Notice[];
  /** `undefined`: nothing is decided, and the stage stays. */
  readonly decision: Decision | undefined;
  readonly status: GuardStatus;
  /** What the next decision waits for. */
  readonly missing: readonly string[];
}

/** Off at once, on only when nothing is missing any more: no evidence, no block, no time. Pure. */
export function next(standing: Standing, verdict: Verdict): Next {
  const { decision, status } = standing;
  if (verdict.verdict === 'rollback') {
    const off = { ...decided(standing, verdict.reason), phase: 'rolled_back', percent: 0 } as const;
    return { told: [], decision: off, status: 'rolled_back', missing: [] };
  }
  const missing = missingFor(standing, verdict);
  if (verdict.bothBad) {
    const paused: Notice = { event: 'rollout_paused', reason: missing[0] ?? '', severity: 'critical' };
    return { told: status === 'paused' ? [] : [paused], decision: undefined, status: 'paused', missing };
  }
  const told: Notice[] = [];
  if (status === 'paused') {
    told.push({ event: 'rollout_resumed', reason: 'one of the variants is sound again', severity: 'info' });
  }
  if (missing.length === 0) {
    const further = advanced(standing);
    return { told, decision: further, status: further.phase, missing };
  }
  const full = decision.phase === 'full';
  const late = !full && standing.heldMs >= standing.plan.maxHoldMs;
  if (late && status !== 'inconclusive') {
    const reason = `undecided for ${seconds(standing.heldMs)}: ${missing.join('; ')}`;
    told.push({ event: 'rollout_inconclusive', reason, severity: 'warning' });
  }
  return { told, decision: undefined, status: late ? 'inconclusive' : full ? 'full' : 'ramping', missing };
}

/** Phase and percent of a stage: at the last one some stay behind, to be compared with. */
export function atStage({ stages, holdback }: Plan, stage: number): { stage: number; phase: Phase; percent: number } {
  const percent = stages[stage] ?? 0;
  if (stage < stages.length - 1) return { stage, phase: 'ramping', percent };
  return { stage, phase: 'full', percent: Math.min(percent, 100 - holdback) };
}

/** The last stage asks for time alone. */
function missingFor({ plan, decision, heldMs }: Standing, { blocked, lacking }: Verdict): string[] {
  const full = decision.phase === 'full';
  const leastMs = full ? plan.holdbackForMs : plan.minHoldMs;
  const early = heldMs < leastMs ? [`held for ${seconds(heldMs)} of ${seconds(leastMs)}`] : [];
  return [...blocked, ...(full ? [] : lacking), ...early];
}

function advanced(standing: Standing): Decision {
  const { plan, decision } = standing;
  const last = plan.stages.length - 1;
  const further = decided(standing, 'enough evidence that nothing is worse');
  if (decision.phase === 'full') return { ...further, phase: 'done', percent: plan.stages[last] ?? 100 };
  return { ...further, ...atStage(plan, Math.min(last, decision.stage + 1)) };
}

function decided({ decision, at, evidence }: Standing, reason: string): Decision {
  return { ...decision, at, reason, evidence };
}
