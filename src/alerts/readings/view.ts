import type { GoldenSignals } from '../../signals/golden-signals.js';
import type { SettledRule } from '../rule.js';
import type { Increase, Increased, Increases } from './increases.js';
import type { AlertSources } from './sources.js';

/** What an error budget does, as the reader of `slo.burn` sees it. */
export interface Burns {
  /** Multiples of what is allowed, by objective and severity; `null` where there is too little traffic to say. */
  burns(): readonly { readonly objective: string; readonly severity: string; readonly burn: number | null }[];
}

/** What a reader is handed: one moment, one rule. */
export interface View {
  readonly nowMs: number;
  readonly rule: SettledRule;
  readonly snapshot: GoldenSignals;
  readonly sources: AlertSources;
  readonly burns: Burns;
  /** How much a total of that name grew within so many seconds, by default the rule's window. */
  increase(name: string, total: number, seconds?: number): Increase | undefined;
  /** The same of totals that are counted together: when one begins anew, all have. */
  increases(name: string, totals: readonly number[]): Increased | undefined;
}

/** Seconds that a snapshot covers at most. */
const SNAPSHOT_S = 60;

/** One evaluation: rules with the same window share one snapshot. */
export class Views {
  readonly #nowMs: number;
  readonly #sources: AlertSources;
  readonly #increases: Increases;
  readonly #burns: Burns;
  readonly #snapshots = new Map<number, GoldenSignals>();

  constructor(nowMs: number, sources: AlertSources, increases: Increases, burns: Burns) {
    this.#nowMs = nowMs;
    this.#sources = sources;
    this.#increases = increases;
    this.#burns = burns;
  }

  of(rule: SettledRule): View {
    return {
      nowMs: this.#nowMs,
      rule,
      snapshot: this.#snapshot(Math.min(SNAPSHOT_S, rule.windowSeconds)),
      sources: this.#sources,
      burns: this.#burns,
      increase: (name, total, seconds = rule.windowSeconds) =>
        this.#increases.of(`${rule.name} ${name}`, total, seconds * 1000, this.#nowMs),
      increases: (name, totals) =>
        this.#increases.ofAll(`${rule.name} ${name}`, totals, rule.windowSeconds * 1000, this.#nowMs),
    };
  }

  #snapshot(window: number): GoldenSignals {
    const known = this.#snapshots.get(window) ?? this.#sources.snapshot({ window });
    this.#snapshots.set(window, known);
    return known;
  }
}

/** Longer than what the snapshot covers: to be read from totals. */
export function isLong({ rule }: View): boolean {
  return rule.windowSeconds > SNAPSHOT_S;
}
