import { diagnostics } from '../../core/diagnostics.js';
import type { Objective } from '../objective.js';
import type { AlertSources } from '../readings/sources.js';
import type { Burns } from '../readings/view.js';
import { Budget, type BudgetState } from './budget.js';

/** Each keeps 26 kB of totals over 30 days. */
const MAX_OBJECTIVES = 100;
const SEVERITIES = ['critical', 'warning'] as const;

/** The error budgets of a process. */
export class Budgets implements Burns {
  readonly #sources: AlertSources;
  readonly #budgets = new Map<string, Budget>();

  constructor(sources: AlertSources) {
    this.#sources = sources;
  }

  /** False when there are too many; the same name takes the place of the former. */
  add(objective: Objective): boolean {
    if (this.#budgets.size >= MAX_OBJECTIVES && !this.#budgets.has(objective.name)) {
      diagnostics.drop('alerts', 'objective_cap');
      const message = `there are more than ${MAX_OBJECTIVES} objectives: "${objective.name}" and others are not watched`;
      diagnostics.warn('alerts objectives', message);
      return false;
    }
    this.#budgets.set(objective.name, new Budget(objective, this.#sources));
    return true;
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
