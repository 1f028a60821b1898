import type { Clock } from '../core/clock.js';
import { diagnostics } from '../core/diagnostics.js';
import type { Exchange } from '../core/exchange.js';
import type { VariantRecorder } from '../core/variant-recorder.js';
import type { Errors, Latency } from './golden-signals.js';
import { summarize } from './summary.js';
import { RollingWindow, SLOTS } from './window.js';

/** The golden signals of the requests that were shown one variant of a flag, over the last minute. */
export interface VariantSignals {
  readonly latency: Latency;
  readonly errors: Errors;
  /** Requests that were shown it and have ended, aborted ones too. */
  readonly exposures: number;
  /** The same since the start. */
  readonly total: number;
}

/** Variants over all flags. Beyond, exposures are counted as dropped: a variant that is folded with others says nothing. */
const MAX_VARIANTS = 200;

class VariantSeries {
  readonly window: RollingWindow = new RollingWindow();
  total = 0;
}

/** Keeps a minute of each variant of each flag. What is never shown costs nothing. */
export class Variants implements VariantRecorder {
  readonly #clock: Clock;
  readonly #flags = new Map<string, Map<string, VariantSeries>>();
  #size = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  record(flag: string, variant: string, exchange: Exchange): void {
    const series = this.#flags.get(flag)?.get(variant) ?? this.#add(flag, variant);
    if (series === undefined) return;
    series.total++;
    series.window.record(exchange);
  }

  /** By flag, then by variant: all that were shown since the start, with what the last minute says. */
  snapshot(): Record<string, Record<string, VariantSignals>> {
    const nowMs = this.#clock.monotonic();
    const flags = [...this.#flags].map(([flag, variants]) => {
      const signals = [...variants].map(([variant, series]) => [variant, signalsOf(series, nowMs)] as const);
      return [flag, Object.fromEntries(signals)] as const;
    });
    return Object.fromEntries(flags);
  }

  #add(flag: string, variant: string): VariantSeries | undefined {
    if (this.#size >= MAX_VARIANTS) {
      diagnostics.drop('variants', 'variant_cap');
      diagnostics.warn(
        'variant cap',
        `more than ${MAX_VARIANTS} variants of flags are shown: later ones are not measured`,
      );
      return undefined;
    }
    this.#size++;
    const series = new VariantSeries();
    const variants = this.#flags.get(flag) ?? new Map<string, VariantSeries>();
    this.#flags.set(flag, variants.set(variant, series));
    return series;
  }
}

function signalsOf({ window, total }: VariantSeries, nowMs: number): VariantSignals {
  const { latency, errors, ended } = summarize(window.live(nowMs, SLOTS));
  return { latency, errors, exposures: ended, total };
}
