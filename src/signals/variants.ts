import type { Clock } from '../core/clock.js';
import { diagnostics } from '../core/diagnostics.js';
import type { Exchange } from '../core/exchange.js';
import type { VariantRecorder } from '../core/variant-recorder.js';
import { CumulativeHistogram, DEFAULT_BOUNDARIES } from './cumulative.js';
import { ExchangeSlot } from './exchange-slot.js';
import type { VariantSignals } from './golden-signals.js';
import { LATENCY_BOUNDARIES } from './latency-buckets.js';
import { summarize } from './summary.js';
import { RollingWindow, SLOTS } from './window.js';

/** Variants over all flags. Beyond, exposures are counted as dropped: a variant that is folded with others says nothing. */
const MAX_VARIANTS = 200;

/** Everything that is kept of one variant; all but the window since the start. */
export class VariantSeries {
  readonly flag: string;
  readonly variant: string;
  readonly window: RollingWindow<ExchangeSlot> = new RollingWindow(() => new ExchangeSlot());
  readonly durations: CumulativeHistogram = new CumulativeHistogram(DEFAULT_BOUNDARIES);
  /** The same durations in buckets of 10 %: fine enough to compare the tails of two variants. */
  readonly latency: CumulativeHistogram = new CumulativeHistogram(LATENCY_BOUNDARIES, { exponential: false });
  total = 0;
  errors = 0;
  aborted = 0;

  constructor(flag: string, variant: string) {
    this.flag = flag;
    this.variant = variant;
  }

  record(exchange: Exchange): void {
    this.total++;
    this.window.at(exchange.lastByteMs)?.record(exchange);
    if (exchange.outcome === 'aborted') {
      this.aborted++;
      return;
    }
    if (exchange.outcome === 'error') this.errors++;
    const seconds = exchange.durationMs / 1000;
    this.durations.record(seconds);
    this.latency.record(seconds);
  }
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
    (this.#flags.get(flag)?.get(variant) ?? this.#add(flag, variant))?.record(exchange);
  }

  /** All that were shown, for export and for evidence. */
  series(): VariantSeries[] {
    return [...this.#flags.values()].flatMap((variants) => [...variants.values()]);
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
    const series = new VariantSeries(flag, variant);
    const variants = this.#flags.get(flag) ?? new Map<string, VariantSeries>();
    this.#flags.set(flag, variants.set(variant, series));
    return series;
  }
}

function signalsOf({ window, total }: VariantSeries, nowMs: number): VariantSignals {
  const { latency, errors, ended } = summarize(window.live(nowMs, SLOTS));
  return { latency, errors, exposures: ended, total };
}
