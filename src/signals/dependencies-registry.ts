import type { Clock } from '../core/clock.js';
import { diagnostics } from '../core/diagnostics.js';
import { DEFAULT_BOUNDARIES } from './cumulative.js';
import { type Cache, CountedCache } from './dependencies-cache.js';
import { type Ask, type AskAge, type QueueHandle, QueuePoller } from './dependencies-queue.js';
import { DependencySeries, type HistogramBudget } from './dependencies-series.js';
import { dependencySignals } from './dependencies-signals.js';
import { type Dependency, TimedDependency } from './dependencies-time.js';
import type { DependencySignals } from './golden-signals.js';
import { coveredSeconds, SLOTS } from './window.js';

const OTHER = '_other';
/** Each holds 66 KiB when it is busy. */
const MAX_DECLARED = 100;
const MAX_PEERS = 100;
/** Cumulative histograms over all dependencies: one per operation and outcome. */
const MAX_CUMULATIVE = 1000;

/** What the code knows of a dependency. */
export interface DependencyOptions {
  /** What kind of system it is, as OpenTelemetry's `db.system.name` has it: `postgresql`, `redis`. For export. */
  readonly system?: string | undefined;
}

export interface QueueOptions {
  /** Age of the oldest entry in seconds, now or later; `undefined` where the queue is empty. */
  readonly oldestAge?: AskAge | undefined;
}

/** What a process depends on, by name. A dependency, a cache and a queue of one name are one. */
export class DependencyRegistry {
  readonly #clock: Clock;
  readonly #startedMs: number;
  readonly #declared = new Map<string, DependencySeries>();
  readonly #peers = new Map<string, DependencySeries>();
  readonly #timed = new Map<DependencySeries, Dependency>();
  readonly #caches = new Map<DependencySeries, Cache>();
  readonly #budget: HistogramBudget;
  readonly #poller: QueuePoller;

  constructor(clock: Clock, boundaries: readonly number[] = DEFAULT_BOUNDARIES) {
    this.#clock = clock;
    this.#startedMs = clock.monotonic();
    this.#budget = { left: MAX_CUMULATIVE, boundaries };
    this.#poller = new QueuePoller(clock);
  }

  dependency(name: string, { system }: DependencyOptions = {}): Dependency {
    const series = this.#declare('dependency', name);
    if (system !== undefined && series.name !== OTHER) series.system ??= system;
    return made(this.#timed, series, () => new TimedDependency(series, this.#clock));
  }

  cache(name: string): Cache {
    const series = this.#declare('cache', name);
    return made(this.#caches, series, () => new CountedCache(series, this.#clock));
  }

  queue(name: string, depth: Ask, { oldestAge }: QueueOptions = {}): QueueHandle {
    if (typeof depth !== 'function')
      throw new TypeError(`queue("${name}", depth): depth must be a function that gives a number, got ${typeof depth}`);
    const series = this.#declare('queue', name);
    if (series.name === OTHER) return { remove: () => undefined }; // one depth cannot stand for many queues
    return this.#poller.watch(series, depth, oldestAge);
  }

  /** The series of a peer by its authority; beyond the cap they share one. */
  peer(authority: string): DependencySeries {
    return this.#peers.get(authority) ?? this.#add(this.#peers, 'peer', authority, MAX_PEERS);
  }

  series(): DependencySeries[] {
    return [...this.#declared.values(), ...this.#peers.values()];
  }

  /**
   * Figures over the last `slots` times ten seconds. Of what was declared, and of peers that were called in that time. A
   * peer that bears the name of something declared is left out: its calls are most likely those that the code times.
   */
  signals(slots: number = SLOTS): Record<string, DependencySignals> {
    const nowMs = this.#clock.monotonic();
    const seconds = coveredSeconds(nowMs, slots, this.#startedMs);
    const shown = this.series().filter(
      ({ kind, name, inFlight, window }) =>
        kind === 'declared' || (!this.#declared.has(name) && (inFlight > 0 || window.live(nowMs, slots).length > 0)),
    );
    return Object.fromEntries(shown.map((series) => [series.name, dependencySignals(series, nowMs, slots, seconds)]));
  }

  /** Goes on asking queues after a `stop`. */
  start(): void {
    this.#poller.start();
  }

  stop(): void {
    this.#poller.stop();
  }

  #declare(what: string, name: string): DependencySeries {
    const known = this.#declared.get(name);
    if (known !== undefined) return known;
    if (typeof name !== 'string' || name === '' || name.length > 100)
      throw new TypeError(`${what}(name): the name must be a text of 1 to 100 characters, got "${String(name)}"`);
    return this.#add(this.#declared, 'declared', name, MAX_DECLARED);
  }

  #add(all: Map<string, DependencySeries>, kind: 'declared' | 'peer', name: string, most: number): DependencySeries {
    if (all.size < most || name === OTHER) return insert(all, new DependencySeries(name, kind, this.#budget));
    diagnostics.drop('series', `${kind}_cap`);
    diagnostics.warn(
      `${kind} cap`,
      `more than ${most} ${kind === 'peer' ? 'peers were called' : 'dependencies were declared'}: ` +
        `"${name.slice(0, 80)}" and others are counted as "${OTHER}".`,
    );
    return all.get(OTHER) ?? insert(all, new DependencySeries(OTHER, kind, this.#budget));
  }
}

function insert(all: Map<string, DependencySeries>, series: DependencySeries): DependencySeries {
  all.set(series.name, series);
  return series;
}

function made<T>(all: Map<DependencySeries, T>, series: DependencySeries, make: () => T): T {
  const known = all.get(series) ?? make();
  all.set(series, known);
  return known;
}
