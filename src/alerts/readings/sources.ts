import type { MetricDeclaration } from '../../signals/business-registry.js';
import type { DependencySeries } from '../../signals/dependencies-series.js';
import type { GoldenSignals } from '../../signals/golden-signals.js';
import type { RouteSeries } from '../../signals/series.js';

/** What rules are evaluated on. Without a source that only some signals need, those have no data. */
export interface AlertSources {
  /** The last `window` seconds, 20 to 60. */
  snapshot(options?: { readonly window?: number | undefined }): GoldenSignals;
  /** Totals since the start, for windows above 60 s, `traffic.ofLastHour` and objectives. */
  readonly requests?: (() => readonly RouteSeries[]) | undefined;
  readonly dependencies?: (() => readonly DependencySeries[]) | undefined;
  readonly business?: (() => readonly MetricDeclaration[]) | undefined;
  /** What the library could not keep since the start, by signal and reason. */
  readonly drops?: (() => Readonly<Record<string, Readonly<Record<string, number>>>>) | undefined;
}
