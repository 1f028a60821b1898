import type { Clock } from '../core/clock.js';
import type { Saturation } from '../core/saturation.js';
import type { GcTotals } from '../saturation/gc-watch.js';
import type { PoolState } from '../saturation/pools/registry.js';
import type { CumulativeHistogram } from '../signals/cumulative.js';
import type { RouteSeries } from '../signals/series.js';

/** What metrics are read from. A source that is left out has no families. All of it is plain numbers, since the start. */
export interface MetricSources {
  readonly clock: Clock;
  /** What the library could not keep, by signal and reason. */
  readonly drops: () => Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly identity?: ServiceIdentity | undefined;
  readonly http?: HttpSource | undefined;
  readonly saturation?: (() => Saturation) | undefined;
  readonly alerts?: (() => readonly AlertCounts[]) | undefined;
  readonly budgets?: (() => readonly BudgetCounts[]) | undefined;
  readonly rollouts?: RolloutSource | undefined;
  /** The fate of finished spans. */
  readonly spans?: (() => SpanCounts) | undefined;
  readonly variants?: (() => readonly VariantCounts[]) | undefined;
  readonly flagSources?: (() => readonly FlagSourceState[]) | undefined;
  readonly gc?: (() => readonly GcTotals[]) | undefined;
  readonly pools?: (() => readonly PoolState[]) | undefined;
  readonly dependencies?: (() => readonly DependencyCounts[]) | undefined;
  readonly business?: (() => readonly DeclaredMetric[]) | undefined;
}

/** One series of one alert rule. */
export interface AlertCounts {
  readonly name: string;
  readonly severity: string;
  readonly state: string;
  readonly muted: boolean;
}

export interface BudgetCounts {
  readonly name: string;
  readonly budgetLeft: number | null;
}

/** Guarded rollouts, and what a middleware has refused, by why. */
export interface RolloutSource {
  steps(): readonly { readonly flag: string; readonly event: string; readonly count: number }[];
  shares(): readonly { readonly flag: string; readonly percent: number }[];
  refused(): Readonly<Record<string, number>>;
}

/** What this process is one of. */
export interface ServiceIdentity {
  readonly service: string;
  readonly version: string;
  readonly environment: string;
}

export interface HttpSource {
  series(): readonly RouteSeries[];
  readonly inFlight: number;
}

/** `ended = delivered + dropped + queued`, at any time. */
export interface SpanCounts {
  readonly ended: number;
  readonly delivered: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly queued: number;
}

/** Requests that were shown one variant of a flag and have ended. */
export interface VariantCounts {
  readonly flag: string;
  readonly variant: string;
  readonly total: number;
  readonly errors: number;
  readonly aborted: number;
  /** Of those that were not aborted. */
  readonly durations: CumulativeHistogram;
}

/** How a source of flags is. */
export interface FlagSourceState {
  readonly source: string;
  /** `null`: it has given nothing yet. */
  readonly ageSeconds: number | null;
  /** 0 while it is well. */
  readonly staleSeconds: number;
}

/** A database or service that this one calls. */
export interface DependencyCounts {
  readonly name: string;
  /** `peer`: seen by its address in outgoing calls. */
  readonly kind: 'declared' | 'peer';
  /** As `db.system.name` has it, of a declared one that is a database. */
  readonly system: string | undefined;
  readonly inFlight: number;
  readonly aborted: number;
  /** By operation, or by method for a peer; in it by status, by type of error, or `ok`. */
  readonly durations: ReadonlyMap<string, ReadonlyMap<number | string, CumulativeHistogram>>;
  readonly cache: { readonly hits: number; readonly misses: number } | undefined;
  readonly queue: { readonly depth: number | null; readonly oldestAgeSeconds?: number | null } | undefined;
}

/** A metric that the service has declared. */
export interface DeclaredMetric {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'timer';
  readonly unit: string;
  readonly action: string;
  readonly series: readonly {
    readonly attributes: Readonly<Record<string, string>>;
    readonly value: number;
    /** Of a timer. */
    readonly durations: CumulativeHistogram | undefined;
  }[];
}
