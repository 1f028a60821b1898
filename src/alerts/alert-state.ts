import type { Epoch } from '../core/epoch.js';
import type { AlertState as StateName } from './engine/machine.js';
import { Muting } from './engine/muting.js';
import type { AlertSeries } from './engine/series.js';
import { figure } from './figure.js';
import type { Severity } from './rule.js';
import { signalText } from './signal.js';

/** How one series of one rule stands. Plain data, for /metrics and for a page. */
export interface AlertState {
  readonly name: string;
  readonly severity: Severity;
  /** Of what: `GET /carts/:user`, `postgres`, `new_checkout/on`; empty for the service. */
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: StateName;
  /** Since when it is in that state, epoch ms. */
  readonly sinceMs: number;
  /** What was last seen; `null` when nothing was. */
  readonly value: number | null;
  readonly muted: boolean;
  readonly flapping: boolean;
  readonly action: string;
  /** What it watches: `errors.ratio`, `route.latency.p99:GET /carts/:user`. */
  readonly signal: string;
  /** When it fires: `above 5 %`. */
  readonly condition: string;
  readonly runbook?: string | undefined;
}

export function statesOf(all: readonly AlertSeries[], epoch: Epoch): AlertState[] {
  const muting = new Muting(all.filter((series) => series.firing));
  return all.map((series) => ({
    name: series.rule.name,
    severity: series.rule.severity,
    key: series.key,
    labels: series.labels,
    state: series.standing.state,
    sinceMs: Math.round(epoch.at(series.sinceMs)),
    value: series.value,
    muted: muting.isMuted(series),
    flapping: series.firing && series.episode?.flapping === true,
    action: series.rule.action,
    signal: signalText(series.rule.signal),
    condition: `${series.rule.side} ${figure(series.rule.fireAt, series.rule)}`,
    ...(series.rule.runbook !== undefined && { runbook: series.rule.runbook }),
  }));
}
