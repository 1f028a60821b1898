import type { Config } from '../config/config.js';
import { systemClock } from '../core/clock.js';
import type { Exchange } from '../core/exchange.js';
import type { Lifecycle } from '../core/lifecycle.js';
import { SaturationMonitor } from '../saturation/monitor.js';
import { dependencies } from '../signals/dependencies.js';
import type { SeriesOptions } from '../signals/series.js';
import { Signals } from '../signals/signals.js';
import { Variants } from '../signals/variants.js';

/** The four golden signals: three from exchanges, one from probes. */
export function openSignals(
  config: Config,
  lifecycle: Lifecycle,
): { saturation: SaturationMonitor; variants: Variants; golden: Signals } {
  const saturation = new SaturationMonitor({ clock: systemClock, ...config.saturation });
  saturation.start();
  lifecycle.started('saturation', () => saturation.stop());
  const variants = new Variants(systemClock);
  const kept: SeriesOptions = {
    boundaries: config.metrics.boundaries,
    exponential: config.metrics.push?.histograms === 'exponential',
    exemplars: {
      traceIdOf: (exchange): string | undefined => traceOf(exchange, golden, config),
      now: () => systemClock.now(),
    },
  };
  const golden: Signals = new Signals(systemClock, () => saturation.read(), kept, dependencies, variants);
  return { saturation, variants, golden };
}

/** The trace that stands for an exchange in its bucket: only one that is kept can be looked up. */
function traceOf(exchange: Exchange, golden: Signals, { traces }: Config): string | undefined {
  if (exchange.span === undefined || traces === undefined) return undefined;
  const { sampled, identity, outcome } = exchange;
  if (sampled || (outcome === 'error' && traces.keep?.errors === true)) return identity.traceId;
  const limitMs = traces.keep?.slowerThanMs ?? Number.POSITIVE_INFINITY;
  const isSlow = exchange.durationMs > limitMs || (traces.byRoute && golden.isSlow(exchange));
  return isSlow ? identity.traceId : undefined;
}
