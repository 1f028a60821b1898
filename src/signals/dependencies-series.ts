import { diagnostics } from '../core/diagnostics.js';
import { CumulativeHistogram } from './cumulative.js';
import { TimedSlot } from './timed-slot.js';
import { RollingWindow } from './window.js';

const OTHER = '_other';
/** Operations of one dependency, and outcomes of one operation, that are told apart. */
const MAX_OPERATIONS = 50;
const MAX_OUTCOMES = 20;

/** What happened to one dependency in ten seconds. */
export class DependencySlot extends TimedSlot {
  ended = 0;
  aborted = 0;
  hits = 0;
  misses = 0;

  override begin(number: number): void {
    super.begin(number);
    this.ended = 0;
    this.aborted = 0;
    this.hits = 0;
    this.misses = 0;
  }
}

/** Shared by all series of one registry, so that together they stay within one cap. */
export interface HistogramBudget {
  left: number;
  readonly boundaries: readonly number[];
}

/** How a call came out: a status (peers), `ok`, or the type of the error. */
export type CallOutcome = number | string;

/** Everything that is kept about one dependency. Plain numbers that only grow, save for what is said to be now. */
export class DependencySeries {
  readonly name: string;
  /** `declared` in the code, or a `peer` that was called over HTTP: its authority, as `users:3000`. */
  readonly kind: 'declared' | 'peer';
  /** `db.system.name` or the like, where the code gave it. */
  system: string | undefined = undefined;
  readonly window: RollingWindow<DependencySlot> = new RollingWindow(() => new DependencySlot());
  /** By operation (of a peer: by method), then by outcome. Calls that were given up are not in it. */
  readonly durations: Map<string, Map<CallOutcome, CumulativeHistogram>> = new Map();
  /** Now. */
  inFlight = 0;
  total = 0;
  errors = 0;
  aborted = 0;
  cache: { hits: number; misses: number } | undefined = undefined;
  /** Now; `null` while it is not known. `oldestAgeSeconds` is left out where the queue cannot tell. */
  queue: { depth: number | null; oldestAgeSeconds?: number | null } | undefined = undefined;
  readonly #budget: HistogramBudget;

  constructor(name: string, kind: 'declared' | 'peer', budget: HistogramBudget) {
    this.name = name;
    this.kind = kind;
    this.#budget = budget;
  }

  /** `error`: its type, for a call that failed. */
  ended(operation: string, outcome: CallOutcome, error: string | undefined, startedMs: number, endedMs: number): void {
    const ms = endedMs - startedMs;
    const slot = this.window.at(endedMs);
    this.inFlight--;
    this.total++;
    if (slot !== undefined) {
      slot.ended++;
      slot.took(ms);
      if (error !== undefined) slot.failed(error);
    }
    if (error !== undefined) this.errors++;
    this.#histogram(operation, outcome)?.record(ms / 1e3);
  }

  /** The call was given up by this process: no success, no error, and no time that says anything. */
  gaveUp(endedMs: number): void {
    this.inFlight--;
    this.total++;
    this.aborted++;
    const slot = this.window.at(endedMs);
    if (slot === undefined) return;
    slot.ended++;
    slot.aborted++;
  }

  #histogram(operation: string, outcome: CallOutcome): CumulativeHistogram | undefined {
    return this.durations.get(operation)?.get(outcome) ?? this.#add(operation, outcome);
  }

  #add(operation: string, outcome: CallOutcome): CumulativeHistogram | undefined {
    const operationKept = kept(this.durations, operation, MAX_OPERATIONS, 'operation_cap');
    const outcomes = this.durations.get(operationKept) ?? new Map<CallOutcome, CumulativeHistogram>();
    const outcomeKept = kept(outcomes, outcome, MAX_OUTCOMES, 'outcome_cap');
    const known = outcomes.get(outcomeKept);
    if (known !== undefined) return known;
    if (this.#budget.left <= 0) {
      diagnostics.drop('series', 'dependency_cap');
      return undefined;
    }
    this.#budget.left--;
    const made = new CumulativeHistogram(this.#budget.boundaries);
    this.durations.set(operationKept, outcomes.set(outcomeKept, made));
    return made;
  }
}

/** The key itself, or the overflow's once there are as many as may be. Each that is folded is counted. */
function kept<K>(known: ReadonlyMap<K | string, unknown>, key: K, most: number, reason: string): K | string {
  if (known.has(key) || known.size < most) return key;
  diagnostics.drop('series', reason);
  return OTHER;
}
