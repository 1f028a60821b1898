import { diagnostics } from '../core/diagnostics.js';
import type { Exchange } from '../core/exchange.js';
import { CumulativeHistogram, DEFAULT_BOUNDARIES, type HistogramExtras } from './cumulative.js';
import { ExchangeSlot } from './exchange-slot.js';
import { MIN_SAMPLES, quantileOf } from './summary.js';
import { RollingWindow, SLOT_MS, SLOTS } from './window.js';

export const OTHER_ROUTE = '_other';
const MAX_ROUTES = 200;
/** Cumulative series over all routes, as exported: one per route, method, status and error type. */
const MAX_CUMULATIVE = 1000;

/** Asked at the end of every exchange, so it must be cheap. */
export interface ExemplarSource {
  /** The trace that stands for the exchange; `undefined` for one that nobody can look up. */
  traceIdOf(exchange: Exchange): string | undefined;
  /** Epoch milliseconds. */
  now(): number;
}

/** What is kept for export. */
export interface SeriesOptions extends Omit<HistogramExtras, 'exemplars'> {
  /** Seconds, rising. @default OpenTelemetry's 14 */
  readonly boundaries?: readonly number[] | undefined;
  /** @default none */
  readonly exemplars?: ExemplarSource | undefined;
  /** Whether exchanges are told that were slow for their route. @default false */
  readonly tellsSlow?: boolean | undefined;
}

/** Everything that is kept about one method of one route. */
export class RouteSeries {
  readonly method: string;
  readonly route: string;
  readonly window: RollingWindow<ExchangeSlot> = new RollingWindow(() => new ExchangeSlot());
  /** Since the start, by status code or, where there is none, by error type. Aborted exchanges are not in it. */
  readonly durations: Map<number | string, CumulativeHistogram> = new Map();
  total = 0;
  errors = 0;
  abortedBeforeHeaders = 0;
  abortedMidResponse = 0;

  #p95Ms: number | null = null;
  #p95Slot = -1;
  #p95Total = 0;

  constructor(method: string, route: string) {
    this.method = method;
    this.route = route;
  }

  isSlow({ durationMs, lastByteMs }: Exchange): boolean {
    const p95Ms = this.#p95MsAt(lastByteMs);
    return p95Ms !== null && durationMs > p95Ms;
  }

  /** The 95th percentile of the last minute, ms, looked at once per ten seconds; `null` where there is too little to say. */
  #p95MsAt(nowMs: number): number | null {
    const slot = Math.floor(nowMs / SLOT_MS);
    if (slot !== this.#p95Slot || (this.#p95Ms === null && this.total - this.#p95Total >= MIN_SAMPLES)) {
      this.#p95Slot = slot;
      this.#p95Total = this.total;
      const p95 = quantileOf(this.window.live(nowMs, SLOTS), 0.95);
      this.#p95Ms = p95 === null ? null : p95 * 1000;
    }
    return this.#p95Ms;
  }
}

/**
 * The series of a service, found by method and route without building a key. Routes are templates, a closed set, and
 * are capped all the same: beyond the cap they share one series, and each exchange folded is counted.
 */
export class SeriesRegistry {
  readonly #byRoute = new Map<string, Map<string, RouteSeries>>();
  readonly #options: SeriesOptions;
  #routes = 0;
  #capTold = false;
  #cumulative = 0;

  constructor(options: SeriesOptions = {}) {
    this.#options = options;
  }

  record(exchange: Exchange): void {
    const series = this.#find(exchange.method, exchange.route);
    series.total++;
    series.window.at(exchange.lastByteMs)?.record(exchange);
    if (this.#options.tellsSlow === true) exchange.isSlow = series.route === exchange.route && series.isSlow(exchange);
    if (exchange.outcome === 'aborted') {
      if (exchange.abortPhase === 'mid_response') series.abortedMidResponse++;
      else series.abortedBeforeHeaders++;
      return;
    }
    if (exchange.outcome === 'error') series.errors++;
    const { exemplars } = this.#options;
    const traceId = exemplars?.traceIdOf(exchange);
    const durations = this.#durations(series, exchange);
    if (traceId === undefined) durations?.record(exchange.durationMs / 1000);
    else durations?.record(exchange.durationMs / 1000, traceId, exemplars?.now());
  }

  all(): RouteSeries[] {
    return [...this.#byRoute.values()].flatMap((byMethod) => [...byMethod.values()]);
  }

  #find(method: string, route: string): RouteSeries {
    return this.#byRoute.get(route)?.get(method) ?? this.#add(method, route);
  }

  #add(method: string, route: string): RouteSeries {
    const known = this.#byRoute.has(route);
    if (!known && this.#routes >= MAX_ROUTES) {
      diagnostics.drop('series', 'route_cap');
      if (!this.#capTold) this.#tellCap(route);
      return this.#byRoute.get(OTHER_ROUTE)?.get(method) ?? this.#insert(method, OTHER_ROUTE);
    }
    if (!known) this.#routes++;
    return this.#insert(method, route);
  }

  #tellCap(route: string): void {
    this.#capTold = true;
    diagnostics.warn(
      'route cap',
      `more than ${MAX_ROUTES} routes: "${route.slice(0, 80)}" and others are counted as "${OTHER_ROUTE}". ` +
        'A route must be a template, such as /users/:id, never a path.',
    );
  }

  #insert(method: string, route: string): RouteSeries {
    const series = new RouteSeries(method, route);
    const byMethod = this.#byRoute.get(route) ?? new Map<string, RouteSeries>();
    this.#byRoute.set(route, byMethod.set(method, series));
    return series;
  }

  #durations(series: RouteSeries, exchange: Exchange): CumulativeHistogram | undefined {
    const key = exchange.status === 0 ? (exchange.errorType ?? '_other') : exchange.status;
    const known = series.durations.get(key);
    if (known !== undefined) return known;
    if (this.#cumulative >= MAX_CUMULATIVE) {
      diagnostics.drop('series', 'status_cap');
      return undefined;
    }
    this.#cumulative++;
    const { boundaries = DEFAULT_BOUNDARIES, exemplars, exponential } = this.#options;
    const made = new CumulativeHistogram(boundaries, { exponential, exemplars: exemplars !== undefined });
    series.durations.set(key, made);
    return made;
  }
}
