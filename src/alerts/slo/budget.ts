import type { ObjectiveSignals } from '../../signals/golden-signals.js';
import type { BurnPair, Objective } from '../objective.js';
import type { AlertSources } from '../readings/sources.js';
import { countsOf } from './counts.js';
import { Ledger } from './ledger.js';
import { pairsOf, periodSeconds } from './objective-rules.js';

/** How an objective stands, as this process saw it. Plain data. */
export interface BudgetState extends ObjectiveSignals {
  readonly burns: readonly BurnState[];
}

export interface BurnState {
  readonly severity: BurnPair['severity'];
  readonly longSeconds: number;
  readonly shortSeconds: number;
  readonly factor: number;
  /** Multiples of the rate at which the budget lasts exactly the period; `null` where there is too little traffic to say. */
  readonly long: number | null;
  readonly short: number | null;
}

/** The error budget of one objective, fed at each evaluation. */
export class Budget {
  readonly #objective: Objective;
  readonly #sources: AlertSources;
  readonly #pairs: readonly BurnPair[];
  readonly #ledger: Ledger;

  constructor(objective: Objective, sources: AlertSources) {
    this.#objective = objective;
    this.#sources = sources;
    this.#pairs = pairsOf(objective);
    this.#ledger = new Ledger(periodSeconds(objective));
  }

  sample(nowMs: number): void {
    const counts = countsOf(this.#objective.sli, this.#sources);
    if (counts !== undefined) this.#ledger.add(nowMs, counts);
  }

  state(): BudgetState {
    const { name, objective } = this.#objective;
    const period = periodSeconds(this.#objective);
    const { seconds, ended, bad } = this.#ledger.over(period);
    const budgetLeft = ended === 0 ? null : 1 - bad / (ended * (1 - objective));
    const shared = { name, objective, periodSeconds: period, coveredSeconds: seconds, total: ended, bad, budgetLeft };
    return { ...shared, burns: this.#pairs.map((pair) => this.#burn(pair)) };
  }

  /** The worst pair of that severity, as a multiple of its factor; `null` while no pair has enough traffic. */
  burn(severity: BurnPair['severity']): number | null {
    let worst: number | null = null;
    for (const pair of this.#pairs) {
      if (pair.severity !== severity) continue;
      const { long, short } = this.#burn(pair);
      if (long !== null && short !== null) worst = Math.max(worst ?? 0, Math.min(long, short) / pair.factor);
    }
    return worst;
  }

  /**
   * The long window asks which share of the budget is gone: time that this process does not know counts as good time with the
   * same traffic, else a pair of days would be one of minutes in a young process. The short one asks whether it still burns.
   */
  #burn({ severity, longSeconds, shortSeconds, factor, minEvents }: BurnPair): BurnState {
    const budget = 1 - this.#objective.objective;
    const long = this.#ledger.over(longSeconds);
    const short = this.#ledger.over(shortSeconds);
    const known = Math.min(1, long.seconds / longSeconds);
    const isQuiet = long.ended < minEvents;
    return {
      ...{ severity, longSeconds, shortSeconds, factor },
      long: isQuiet ? null : ((long.bad / long.ended) * known) / budget,
      short: isQuiet ? null : short.ended === 0 ? 0 : short.bad / short.ended / budget,
    };
  }
}
