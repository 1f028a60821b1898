import type { Clock } from '../core/clock.js';
import type { Saturation } from '../core/saturation.js';
import type { RouteSeries } from '../signals/series.js';

/** What metrics are read from. A source that is left out has no families. All of it is plain numbers, since the start. */
export interface MetricSources {
  readonly clock: Clock;
  /** What the library could not keep, by signal and reason. */
  readonly drops: () => Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly http?: HttpSource | undefined;
  readonly saturation?: (() => Saturation) | undefined;
  /** The fate of finished spans. */
  readonly spans?: (() => SpanCounts) | undefined;
  readonly flags?: (() => Iterable<FlagCount>) | undefined;
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

/** Evaluations of one flag that came to one variant for one reason. */
export interface FlagCount {
  readonly flag: string;
  readonly variant: string;
  readonly reason: string;
  readonly count: number;
}
