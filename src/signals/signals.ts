import type { Clock } from '../core/clock.js';
import type { Exchange, Observer } from '../core/exchange.js';
import type { Saturation } from '../core/saturation.js';
import { dependencies as ofProcess } from './dependencies.js';
import type { DependencyRegistry } from './dependencies-registry.js';
import type { ExchangeSlot } from './exchange-slot.js';
import type { GoldenSignals, ObjectiveSignals, RouteSignals } from './golden-signals.js';
import { type RouteSeries, type SeriesOptions, SeriesRegistry } from './series.js';
import { rate, summarize } from './summary.js';
import type { Variants } from './variants.js';
import { coveredSeconds, SLOT_MS, SLOTS } from './window.js';

/** The current slot may have begun just now: alone it would say nothing. */
const MIN_SLOTS = 2;

const NO_VARIANTS: Pick<Variants, 'snapshot'> = { snapshot: () => ({}) };

/** Which part of the past a snapshot is of. */
export interface SnapshotOptions {
  /** Seconds to look back at the most, 20 to 60 in steps of 10; others are rounded up and clamped. Default 60. */
  readonly window?: number | undefined;
}

/** Reads the golden signals of this process. Cheap to keep, computed when asked: 60 s of each route in 10 s slots. */
export interface SignalsReader {
  snapshot(options?: SnapshotOptions): GoldenSignals;
  routes(options?: SnapshotOptions): readonly RouteSignals[];
}

/** Counts and times every exchange, and answers how the last minute was. */
export class Signals implements Observer, SignalsReader {
  readonly name = 'golden signals';
  /** The objectives and what is left of their error budgets; none until somebody keeps them. */
  objectives: () => readonly ObjectiveSignals[] = () => [];
  readonly #clock: Clock;
  readonly #saturation: () => Saturation;
  readonly #dependencies: DependencyRegistry;
  readonly #variants: Pick<Variants, 'snapshot'>;
  readonly #registry: SeriesRegistry;
  readonly #startedMs: number;
  #inFlight = 0;
  #total = 0;

  constructor(
    clock: Clock,
    saturation: () => Saturation,
    series: SeriesOptions = {},
    dependencies: DependencyRegistry = ofProcess,
    variants: Pick<Variants, 'snapshot'> = NO_VARIANTS,
  ) {
    this.#variants = variants;
    this.#dependencies = dependencies;
    this.#registry = new SeriesRegistry(series);
    this.#clock = clock;
    this.#saturation = saturation;
    this.#startedMs = clock.monotonic();
  }

  start(): void {
    this.#inFlight++;
  }

  end(exchange: Exchange): void {
    this.#inFlight--;
    this.#total++;
    this.#registry.record(exchange);
  }

  /** Exchanges that have begun and not ended. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** What is kept of each method of each route, for export. */
  series(): RouteSeries[] {
    return this.#registry.all();
  }

  snapshot(options: SnapshotOptions = {}): GoldenSignals {
    const view = this.#view(options);
    const { latency, firstByte, errors, ended } = summarize(view.routes.flatMap((route) => route.slots));
    return {
      windowSeconds: view.seconds,
      latency,
      firstByte,
      traffic: { requestsPerSecond: rate(ended, view.seconds), inFlight: this.#inFlight, total: this.#total },
      errors,
      saturation: this.#saturation(),
      routes: routeSignals(view),
      dependencies: this.#dependencies.signals(view.size),
      variants: this.#variants.snapshot(),
      objectives: this.objectives(),
    };
  }

  routes(options: SnapshotOptions = {}): readonly RouteSignals[] {
    return routeSignals(this.#view(options));
  }

  #view({ window = (SLOTS * SLOT_MS) / 1000 }: SnapshotOptions): View {
    const wanted = Math.ceil((window * 1000) / SLOT_MS);
    const slots = Number.isNaN(wanted) ? SLOTS : Math.min(SLOTS, Math.max(MIN_SLOTS, wanted));
    const nowMs = this.#clock.monotonic();
    const routes = this.#registry
      .all()
      .map((series) => ({ series, slots: series.window.live(nowMs, slots) }))
      .filter((route) => route.slots.length > 0);
    return { seconds: coveredSeconds(nowMs, slots, this.#startedMs), size: slots, routes };
  }
}

interface View {
  readonly seconds: number;
  /** Slots of ten seconds. */
  readonly size: number;
  readonly routes: readonly { readonly series: RouteSeries; readonly slots: readonly ExchangeSlot[] }[];
}

function routeSignals({ routes, seconds }: View): RouteSignals[] {
  return routes
    .map(({ series, slots }) => {
      const { latency, firstByte, errors, ended } = summarize(slots);
      const traffic = { requestsPerSecond: rate(ended, seconds), total: series.total };
      return { method: series.method, route: series.route, latency, firstByte, traffic, errors };
    })
    .sort((a, b) => b.traffic.requestsPerSecond - a.traffic.requestsPerSecond);
}
