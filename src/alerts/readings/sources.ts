import type { MetricDeclaration } from '../../signals/business-registry.js';
import type { DependencySeries } from '../../signals/dependencies-series.js';
import type { GoldenSignals, Latency } from '../../signals/golden-signals.js';
import type { RouteSeries } from '../../signals/series.js';

/** One variant of a flag over the window. */
export interface VariantSignals {
  readonly latency: Latency;
  readonly errors: { readonly ratio: number | null; readonly count: number };
  readonly exposures: number;
}

/** The snapshot, with the variants of flags where there are flags. */
export type AlertSnapshot = GoldenSignals & {
  readonly variants?: Readonly<Record<string, Readonly<Record<string, VariantSignals>>>> | undefined;
};

/** What rules are evaluated on. Without a source that only some signals need, those have no data. */
export interface AlertSources {
  /** The last `window` seconds, 20 to 60. */
  snapshot(options?: { readonly window?: number | undefined }): AlertSnapshot;
  /** Totals since the start, for windows above 60 s, `traffic.ofLastHour` and objectives. */
  readonly requests?: (() => readonly RouteSeries[]) | undefined;
  readonly dependencies?: (() => readonly DependencySeries[]) | undefined;
  readonly business?: (() => readonly MetricDeclaration[]) | undefined;
  /** What the library could not keep since the start, by signal and reason. */
  readonly drops?: (() => Readonly<Record<string, Readonly<Record<string, number>>>>) | undefined;
}
