import { type Series, steps } from './counter-steps.js';
import type { ReleaseTick, ReleaseTicks } from './judge.js';

export interface ReleaseSeries {
  readonly durations: readonly Series[];
  readonly errors: readonly Series[];
}

export interface ReleaseCounts {
  /** Seconds; those that all processes have. */
  readonly boundaries: readonly number[];
  readonly ticks: readonly ReleaseTicks[];
  /** Processes that were seen of each version. */
  readonly processes: { readonly baseline: number; readonly candidate: number };
}

export interface Versions {
  readonly label: string;
  readonly baseline: string;
  readonly candidate: string;
}

/** Sums what the processes of each version counted, step by step. `times`: epoch seconds, rising. */
export function releaseCounts(series: ReleaseSeries, times: readonly number[], versions: Versions): ReleaseCounts {
  const { label, baseline, candidate } = versions;
  const edges = commonEdges(series.durations);
  const of = (version: string): Tally => {
    const is = ({ metric }: Series): boolean => metric[label] === version;
    const tally = new Tally(times, edges);
    for (const one of series.durations.filter(is)) tally.addDurations(one);
    for (const one of series.errors.filter(is)) tally.addErrors(one);
    return tally;
  };
  const [old, young] = [of(baseline), of(candidate)];
  return {
    boundaries: edges.filter(Number.isFinite),
    ticks: times.map((_, i) => ({ baseline: old.at(i), candidate: young.at(i) })),
    processes: { baseline: old.processes, candidate: young.processes },
  };
}

/** What the processes of one version counted. Durations have to be added before errors. */
class Tally {
  readonly #times: readonly number[];
  readonly #edges: readonly number[];
  /** By process, the series that counts all its requests. */
  readonly #all = new Map<string, Series>();
  readonly #requests: Float64Array;
  readonly #errors: Float64Array;
  readonly #durations: readonly Float64Array[];

  constructor(times: readonly number[], edges: readonly number[]) {
    this.#times = times;
    this.#edges = edges;
    this.#requests = new Float64Array(times.length);
    this.#errors = new Float64Array(times.length);
    this.#durations = times.map(() => new Float64Array(Math.max(1, edges.length)));
  }

  get processes(): number {
    return this.#all.size;
  }

  at(index: number): ReleaseTick {
    return {
      requests: this.#requests[index] ?? 0,
      errors: this.#errors[index] ?? 0,
      durations: this.#durations[index] ?? [],
    };
  }

  /** A bucket counts all that is below its edge: its own is what the one before it does not have. */
  addDurations(series: Series): void {
    const index = this.#edges.indexOf(edgeOf(series));
    if (index === -1) return;
    const grown = steps(series, this.#times);
    this.#durations.forEach((tick, i) => {
      add(tick, index, grown[i] ?? 0);
      if (index + 1 < tick.length) add(tick, index + 1, -(grown[i] ?? 0));
    });
    if (edgeOf(series) !== Number.POSITIVE_INFINITY) return;
    this.#all.set(processOf(series), series);
    addAll(this.#requests, grown);
  }

  addErrors(series: Series): void {
    addAll(this.#errors, steps(series, this.#times, this.#all.get(processOf(series))));
  }
}

function add(to: Float64Array, index: number, value: number): void {
  to[index] = (to[index] ?? 0) + value;
}

function addAll(to: Float64Array, values: Float64Array): void {
  for (let i = 0; i < to.length; i++) add(to, i, values[i] ?? 0);
}

/** Rising. One version may have more edges than the other: only what both have can be compared. */
function commonEdges(durations: readonly Series[]): number[] {
  const byProcess = new Map<string, Set<number>>();
  for (const one of durations) {
    const key = processOf(one);
    byProcess.set(key, (byProcess.get(key) ?? new Set()).add(edgeOf(one)));
  }
  const [first = new Set<number>(), ...others] = byProcess.values();
  return [...first].filter((edge) => others.every((edges) => edges.has(edge))).sort((a, b) => a - b);
}

function edgeOf({ metric }: Series): number {
  const le = metric['le'] ?? '';
  return le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
}

function processOf({ metric: { job, instance } }: Series): string {
  return JSON.stringify([job, instance]);
}
