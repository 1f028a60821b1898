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
      traceIdOf: (exchange) => traceOf(exchange, config),
      now: () => systemClock.now(),
    },
    tellsSlow: config.traces?.byRoute,
  };
  const golden = new Signals(systemClock, () => saturation.read(), kept, dependencies, variants);
  return { saturation, variants, golden };
}

/** The trace that stands for an exchange in its bucket: only one that is kept can be looked up. */
function traceOf(exchange: Exchange, { traces }: Config): string | undefined {
  if (exchange.span === undefined || traces === undefined) return undefined;
  const { sampled, identity, outcome, isSlow, durationMs } = exchange;
  if (sampled || isSlow || (outcome === 'error' && traces.keep?.errors === true)) return identity.traceId;
  return durationMs > (traces.keep?.slowerThanMs ?? Number.POSITIVE_INFINITY) ? identity.traceId : undefined;
}
