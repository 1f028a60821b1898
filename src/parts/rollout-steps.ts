import type { Alerts } from '../alerts/alerts.js';
import { diagnostics } from '../core/diagnostics.js';
import type { Origin } from '../logs/pino.js';
import type { RolloutEvent } from '../rollouts/guard-event.js';
import type { ShedEvent } from '../rollouts/shed.js';
import { processLog } from './log.js';

type Step = RolloutEvent | ShedEvent;

const LEVEL = { critical: 'error', warning: 'warn', info: 'info' } as const satisfies Record<Step['severity'], string>;

/** Each step is a line; evidence is in it as plain numbers. */
export function inLog({ event, at, ...fields }: Step): void {
  processLog.pair.own[LEVEL[fields.severity]]({ ...fields, decidedAt: new Date(at).toISOString() }, event);
}

/** Each step that was decided here is told to the sinks of alerts; one process of a fleet speaks for all. */
export function inAlerts(alerts: Alerts, { service, environment }: Origin): (step: Step) => void {
  return ({ event, flag, severity, from, to, reason, by, at }) => {
    if (by === 'fleet') return;
    alerts.announce({
      labels: { alertname: event, severity, service, environment, flag },
      annotations: { summary: `${flag}: ${from} -> ${to}: ${reason}`, action: ACTION[severity], value: String(to) },
      status: 'firing',
      startsAtMs: Math.round(at),
      endsAtMs: undefined,
      flapping: false,
    });
  };
}

const ACTION = {
  critical: 'Look at the evidence on the status page, under Rollouts; the flag stays off until it is armed again.',
  warning: 'Look at the status page, under Rollouts: it says what the rollout waits for.',
  info: 'Nothing: the rollout goes on by itself.',
} as const satisfies Record<Step['severity'], string>;

export interface StepCount {
  readonly flag: string;
  readonly event: string;
  readonly count: number;
}

const MAX_FLAGS = 200;

/** Steps since the start, by flag and event: as bounded as flags with a plan are. */
export class StepCounts {
  readonly #flags = new Map<string, Map<string, number>>();

  readonly add = ({ flag, event }: Step): void => {
    const counts = this.#flags.get(flag) ?? new Map<string, number>();
    if (counts.size === 0 && this.#flags.size >= MAX_FLAGS) {
      diagnostics.drop('rollouts', 'step_cap');
      diagnostics.warn(
        'rollouts.steps',
        `more than ${MAX_FLAGS} flags have had steps: those of "${flag}" are not counted`,
      );
      return;
    }
    this.#flags.set(flag, counts.set(event, (counts.get(event) ?? 0) + 1));
  };

  list(): StepCount[] {
    return [...this.#flags].flatMap(([flag, counts]) => [...counts].map(([event, count]) => ({ flag, event, count })));
  }
}
