import type { Objective } from '../objective.js';
import type { AlertSources } from '../readings/sources.js';
import type { Burns } from '../readings/view.js';
import { Budget, type BudgetState } from './budget.js';

const SEVERITIES = ['critical', 'warning'] as const;

/** The error budgets of a process. */
export class Budgets implements Burns {
  readonly #sources: AlertSources;
  readonly #budgets = new Map<string, Budget>();

  constructor(sources: AlertSources) {
    this.#sources = sources;
  }

  add(objective: Objective): void {
    this.#budgets.set(objective.name, new Budget(objective, this.#sources));
  }

  sample(nowMs: number): void {
    for (const budget of this.#budgets.values()) budget.sample(nowMs);
  }

  states(): BudgetState[] {
    return [...this.#budgets.values()].map((budget) => budget.state());
  }

  burns(): ReturnType<Burns['burns']> {
    return [...this.#budgets].flatMap(([objective, budget]) =>
      SEVERITIES.map((severity) => ({ objective, severity, burn: budget.burn(severity) })),
    );
  }
}
