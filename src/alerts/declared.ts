import { diagnostics } from '../core/diagnostics.js';
import { slot } from '../core/slot.js';
import type { Objective } from './objective.js';
import type { AlertRule } from './rule.js';

const MAX_DECLARED = 500;

/** Who takes what is declared while it runs. */
export interface DeclaredTaker {
  add(rule: AlertRule): unknown;
  addObjective(objective: Objective): unknown;
}

/** Rules and objectives that the code has declared, whether or not anything runs yet. */
export class Declared {
  readonly #rules = new Map<unknown, AlertRule>();
  readonly #objectives = new Map<unknown, Objective>();
  #taker: DeclaredTaker | undefined;

  rules(): AlertRule[] {
    return [...this.#rules.values()];
  }

  objectives(): Objective[] {
    return [...this.#objectives.values()];
  }

  /** From now on it is handed what is declared; `undefined` when it has stopped. */
  handTo(taker: DeclaredTaker | undefined): void {
    this.#taker = taker;
  }

  rule(rule: AlertRule): void {
    if (keep(this.#rules, 'rules', rule)) this.#taker?.add(rule);
  }

  objective(objective: Objective): void {
    if (keep(this.#objectives, 'objectives', objective)) this.#taker?.addObjective(objective);
  }
}

/** What has no name is kept too, so that the lint can tell of it. */
function keep<T extends { readonly name: string }>(all: Map<unknown, T>, what: string, one: T): boolean {
  const name: unknown = one?.name ?? all.size;
  if (all.size >= MAX_DECLARED && !all.has(name)) {
    diagnostics.drop('alerts', 'declared_cap');
    diagnostics.warn(
      'alerts declared',
      `more than ${MAX_DECLARED} alert ${what} were declared: the rest is not watched`,
    );
    return false;
  }
  all.set(name, one);
  return true;
}

/** Those of the process, whichever copy of the package made them. */
export const declared: Declared = slot('alerts.declared', () => new Declared());

/**
 * Declares an alert: `alert({ name: 'HighErrorRatio', severity: 'critical', signal: 'errors.ratio', fireAbove: 0.05,
 * action: 'roll back the last release' })`. Works before `observe()`; the same name takes the place of the former. Never
 * throws, and returns the rule: one that is wrong is told when it is to be watched, with what to write instead, and the others run.
 */
export function alert<R extends AlertRule>(rule: R): R {
  declared.rule(rule);
  return rule;
}

/**
 * Declares an objective: `slo({ name: 'checkout', objective: 0.999, action: 'roll back the last release' })`. It is watched
 * by four burn rates, and its error budget is part of the snapshot. As `alert` in all else.
 */
export function slo<O extends Objective>(objective: O): O {
  declared.objective(objective);
  return objective;
}
