import type { Clock } from '../../core/clock.js';
import type { FlagClient } from '../../flags/client.js';
import type { GoldenSignals } from '../../signals/golden-signals.js';
import type { KeptTraces } from '../../traces/kept.js';
import type { SpanLedger } from '../../traces/span-accounts.js';

/** How one series of one alert rule stands. */
export interface AlertState {
  readonly name: string;
  readonly severity: 'critical' | 'warning' | 'info';
  /** What it watches: `errors.ratio`, `route.latency.p99:GET /carts/:user`. Lights are coloured by those of the whole service. */
  readonly signal?: string | undefined;
  /** When it fires, for people: `above 5 %`. */
  readonly condition?: string | undefined;
  /** Of what: a route, a dependency; empty for the service. */
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `recovering` still fires. */
  readonly state: 'inactive' | 'pending' | 'firing' | 'recovering' | 'resolved';
  /** For how long it has been in that state, ms. */
  readonly sinceMs: number;
  readonly value: number | null;
  readonly muted: boolean;
  readonly flapping: boolean;
  readonly action: string;
  readonly runbook?: string | undefined;
}

/** What one metric of a guarded rollout says, as it grew. */
export interface Evidence {
  /** `errors`, `latency`, or a business metric. */
  readonly metric: string;
  /** Epoch ms and the evidence against the variant, ln of the e-value; oldest first. */
  readonly curve: readonly (readonly [atMs: number, evidence: number])[];
  /** Where it is rolled back: ln(1 / alpha). */
  readonly rollbackAt: number;
}

/** Where a rollout stands, without how it got there. */
export interface RolloutStanding {
  readonly flag: string;
  readonly status: 'advancing' | 'holding' | 'paused' | 'rolled_back' | 'complete';
  /** Percent of each stage, and which of them it is at. */
  readonly stages: readonly number[];
  readonly stage: number;
}

export interface RolloutState extends RolloutStanding {
  readonly variant: string;
  /** Epoch ms at which the stage, or the end, was reached. */
  readonly sinceMs: number;
  /** Why it is there, and what is missing for the next step. */
  readonly reason: string;
  readonly evidence: readonly Evidence[];
}

export interface Rollouts {
  /** For a look every few seconds: copies no evidence. */
  standings(): readonly RolloutStanding[];
  states(): readonly RolloutState[];
  /** Lets a flag that was latched off be rolled out again, from its first stage. False: no such flag is guarded here. */
  rearm(flag: string): boolean;
}

export type AdminFlags = Pick<FlagClient, 'snapshot' | 'health' | 'kill' | 'override' | 'lift' | 'onChange'>;

/** Lines of the log's destination. */
export interface LineCounts {
  readonly written: number;
  readonly dropped: number;
  readonly pending: number;
}

/** Everything that the admin surface shows, as narrow as it can be read. What is optional has no view without it. */
export interface AdminSources {
  readonly clock: Clock;
  readonly who: { readonly service: string; readonly version: string; readonly environment: string };
  /** `service.instance.id`: which of a service's processes this is. */
  readonly instance: string;
  readonly snapshot: () => GoldenSignals;
  /** `undefined` while traces are off. */
  readonly kept: KeptTraces | undefined;
  readonly ledger: () => SpanLedger;
  readonly flags: AdminFlags;
  readonly drops: () => Record<string, Record<string, number>>;
  readonly lines: () => LineCounts;
  /** Allowed names and redacted values alone. */
  readonly configuration: () => Readonly<Record<string, unknown>>;
  /** Writes to the log what somebody did. */
  readonly tell: (event: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly alertStates?: (() => readonly AlertState[]) | undefined;
  readonly rollouts?: Rollouts | undefined;
}
