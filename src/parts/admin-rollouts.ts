import type { RolloutState, Rollouts as Shown } from '../admin/api/sources.js';
import type { Config } from '../config/config.js';
import { systemClock } from '../core/clock.js';
import type { GuardState, GuardStatus } from '../rollouts/guard-state.js';
import type { Rollouts } from '../rollouts/rollouts.js';
import type { Answer, Judges } from '../verdict/handler.js';
import type { Verdict } from '../verdict/judge.js';
import { PrometheusApi } from '../verdict/prometheus-api.js';
import { Releases } from '../verdict/releases.js';

/** Guarded rollouts as the status page draws them. */
export function shownRollouts(rollouts: Rollouts): Shown {
  return {
    standings: () => rollouts.standings().map((standing) => ({ ...standing, status: STATUS[standing.status] })),
    states: () => rollouts.states().map(shown),
    rearm: (flag) => rollouts.rearm(flag),
  };
}

const STATUS = {
  idle: 'holding',
  ramping: 'advancing',
  holding: 'holding',
  paused: 'paused',
  inconclusive: 'holding',
  full: 'holding',
  done: 'complete',
  rolled_back: 'rolled_back',
} as const satisfies Record<GuardStatus, RolloutState['status']>;

function shown(state: GuardState): RolloutState {
  const { flag, status, stages, stage, since, reason, missing, evidence, history } = state;
  const canaries = Object.entries(evidence?.canaries ?? {});
  return {
    flag,
    variant: canaries.map(([variant]) => variant).join(', ') || 'its variant',
    status: STATUS[status],
    stages,
    stage,
    sinceMs: since ?? systemClock.now(),
    reason: [reason, ...missing].filter(Boolean).join('; '),
    evidence: canaries.flatMap(([variant, metrics]) =>
      metrics.map(({ metric, limit }) => ({
        metric: canaries.length > 1 ? `${variant}: ${metric}` : metric,
        curve: history.map(({ at, worse }) => [at, worse[`${variant}.${metric}`] ?? 0] as const),
        rollbackAt: limit,
      })),
    ),
  };
}

const VERDICT = {
  idle: 'hold',
  ramping: 'hold',
  holding: 'hold',
  paused: 'hold',
  inconclusive: 'hold',
  full: 'pass',
  done: 'pass',
  rolled_back: 'rollback',
} as const satisfies Record<GuardStatus, Verdict>;

/** Who answers `/verdict`: the guard of a flag; of versions a Prometheus, where one is known. */
export function judges(rollouts: Rollouts, { rollouts: { prometheus } }: Config): Judges {
  const releases =
    prometheus === undefined
      ? undefined
      : new Releases(new PrometheusApi(prometheus, 'rollouts.prometheus'), systemClock);
  return {
    flag: (key) => {
      const state = rollouts.state(key);
      return state && verdictOf(state);
    },
    release: releases && ((candidate, baseline) => releases.judge(candidate, baseline)),
  };
}

function verdictOf({ status, reason, missing, history: _, ...state }: GuardState): Answer {
  return { ...state, verdict: VERDICT[status], reason: [reason, ...missing].filter(Boolean).join('; ') };
}
