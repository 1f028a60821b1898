import type { Evidence, Phase } from './guard-decision.js';

/**
 * `idle`: no such flag yet. `paused`: both variants are bad. `inconclusive`: undecided for longer than `maxHold`.
 * `holding`: something stands above the rollout, such as a kill by a person.
 */
export type GuardStatus = Phase | 'idle' | 'holding' | 'paused' | 'inconclusive';

/** Evidence at one look; natural logarithms, by `variant.metric`. */
export interface EvidencePoint {
  /** Epoch ms. */
  readonly at: number;
  /** Of "worse than tolerated"; the flag is taken back above `limit` of the metric. */
  readonly worse: Readonly<Record<string, number>>;
  /** Of "less than twice as bad"; enough at log(20). */
  readonly sound: Readonly<Record<string, number>>;
}

/** Where a guarded rollout stands. */
export interface GuardStanding {
  readonly flag: string;
  readonly status: GuardStatus;
  /** Percents. */
  readonly stages: readonly number[];
  /** Index into `stages`. */
  readonly stage: number;
  readonly percent: number;
}

/** How one guarded rollout stands, and why: plain data for a page, metrics and people. */
export interface GuardState extends GuardStanding {
  readonly version: string;
  /** When the last decision was made, epoch ms. */
  readonly since: number | null;
  /** Why it was made. */
  readonly reason: string;
  /** What the next one waits for, said plainly. */
  readonly missing: readonly string[];
  readonly metrics: readonly string[];
  /** The latest, or what the flag was taken back for. */
  readonly evidence: Evidence | undefined;
  /** Oldest first, at most an hour of looks ten seconds apart. */
  readonly history: readonly EvidencePoint[];
}

const KEPT = 360;

/** Evidence over time, bounded. */
export class GuardHistory {
  readonly #points: EvidencePoint[] = [];

  add(at: number, { canaries }: Evidence): void {
    const worse: Record<string, number> = {};
    const sound: Record<string, number> = {};
    for (const [variant, all] of Object.entries(canaries)) {
      for (const { metric, logE, logPromote } of all) {
        worse[`${variant}.${metric}`] = logE;
        sound[`${variant}.${metric}`] = logPromote;
      }
    }
    this.#points.push({ at, worse, sound });
    if (this.#points.length > KEPT) this.#points.shift();
  }

  read(): readonly EvidencePoint[] {
    return [...this.#points];
  }
}
