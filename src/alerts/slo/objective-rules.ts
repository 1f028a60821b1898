import { secondsOf } from '../../core/duration.js';
import { BURN_PAIRS, type BurnPair, type Objective } from '../objective.js';
import type { SettledRule } from '../rule.js';

const PERIOD_S = 30 * 86_400;
const KEEP_S = 120;
/** `slo.burn` is a multiple of what the pairs allow. */
const FIRE_AT = 1;
const RESOLVE_AT = 0.9;

export function periodSeconds({ period }: Objective): number {
  return secondsOf(period) ?? PERIOD_S;
}

/** The pairs that can fire: whose threshold is below 1, and whose windows fit into the period. */
export function pairsOf(objective: Objective): BurnPair[] {
  const budget = 1 - objective.objective;
  return BURN_PAIRS.filter(({ factor, longSeconds }) => factor * budget < 1 && longSeconds <= periodSeconds(objective));
}

/** One rule for each severity that has pairs; the fast one, which is critical, mutes the slow one. */
export function objectiveRules(objective: Objective): SettledRule[] {
  const pairs = pairsOf(objective);
  return (['critical', 'warning'] as const)
    .filter((severity) => pairs.some((pair) => pair.severity === severity))
    .map((severity) => ({
      name: burnName(objective.name, severity),
      severity,
      kind: 'symptom',
      signal: { base: 'slo.burn', key: `${objective.name}/${severity}` },
      side: 'above',
      fireAt: FIRE_AT,
      resolveAt: RESOLVE_AT,
      windowSeconds: Math.max(...pairs.filter((pair) => pair.severity === severity).map((pair) => pair.longSeconds)),
      forSeconds: 0, // the windows themselves are the patience
      keepFiringForSeconds: KEEP_S,
      minSamples: 0, // each pair has its own guard
      noData: 'keep',
      action: objective.action,
      runbook: objective.runbook,
      owner: objective.owner,
      inhibitedBy: severity === 'warning' ? [burnName(objective.name, 'critical')] : [],
    }));
}

function burnName(name: string, severity: BurnPair['severity']): string {
  return `${name}_${severity === 'critical' ? 'fast' : 'slow'}_burn`;
}
