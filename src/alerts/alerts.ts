import type { Clock } from '../core/clock.js';
import { diagnostics } from '../core/diagnostics.js';
import { Epoch } from '../core/epoch.js';
import { guard } from '../core/guard.js';
import { type AlertState, statesOf } from './alert-state.js';
import { type Declared, declared as ofProcess } from './declared.js';
import { defaultRules } from './defaults.js';
import { Engine, EVALUATION_MS } from './engine/engine.js';
import type { Finding } from './lint/finding.js';
import { findingText, lint } from './lint/lint.js';
import { Notifier, type SinkCounts, type Waits } from './notify/notifier.js';
import type { AlertOrigin } from './notify/wording.js';
import type { Objective } from './objective.js';
import type { AlertSources } from './readings/sources.js';
import type { AlertRule, SettledRule } from './rule.js';
import type { Alert } from './sinks/alert.js';
import type { AlertLog } from './sinks/log.js';
import { type SinkSource, sinkOf } from './sinks/sinks.js';
import type { BudgetState } from './slo/budget.js';
import { Budgets } from './slo/budgets.js';
import { objectiveFindings } from './slo/check.js';
import { objectiveRules } from './slo/objective-rules.js';

export interface AlertsOptions extends AlertSources, Waits {
  readonly clock: Clock;
  readonly origin: AlertOrigin;
  readonly log: AlertLog;
  readonly rules?: readonly AlertRule[] | undefined;
  readonly objectives?: readonly Objective[] | undefined;
  /** Also the rules that come with the library. @default true */
  readonly defaults?: boolean | undefined;
  /** @default ['log'] */
  readonly sinks?: readonly SinkSource[] | undefined;
  /** Rules and objectives that are declared elsewhere. @default those of the process */
  readonly declared?: Declared | undefined;
  /** @default 10 s; for tests against servers that have no manual clock */
  readonly intervalMs?: number | undefined;
}

const MAX_RULES = 500;
const MAX_FINDINGS = 1000;

/**
 * The alerts of a process: rules are evaluated every 10 s, and sinks are told. A rule that is wrong is told, and the others
 * run. Throws when built: for a sink that is unknown or whose address is none. After that nothing throws.
 */
export class Alerts {
  readonly #options: AlertsOptions;
  readonly #clock: Clock;
  readonly #epoch: Epoch;
  readonly #declared: Declared;
  readonly #engine: Engine;
  readonly #budgets: Budgets;
  readonly #notifier: Notifier;
  readonly #rules = new Map<string, SettledRule>();
  /** The burn rates of each objective. */
  readonly #burnRules = new Map<string, readonly SettledRule[]>();
  #findings: Finding[] = [];
  #cancel: (() => void) | undefined;

  constructor(options: AlertsOptions) {
    const { clock, origin, log, sinks = ['log'], intervalMs, declared = ofProcess } = options;
    this.#options = options;
    this.#clock = clock;
    this.#epoch = new Epoch(clock);
    this.#declared = declared;
    this.#budgets = new Budgets(options);
    this.#engine = new Engine(clock, options, this.#budgets, intervalMs);
    const made = sinks.map((sink) => sinkOf(sink, { clock, log }));
    this.#notifier = new Notifier(clock, origin, made, options);
  }

  /** Takes what has been declared until now, and from now on what will be. */
  start(): void {
    if (this.#cancel !== undefined) return;
    const { rules = [], objectives = [], defaults = true, intervalMs = EVALUATION_MS } = this.#options;
    const own = [...rules, ...this.#declared.rules()];
    const replaced = new Set(own.map((rule) => rule?.name));
    this.#addAll(defaults ? defaultRules.filter(({ name }) => !replaced.has(name)) : []);
    this.#findings = []; // the rules that come with the library know no runbook of anyone's
    this.#tell(this.#addAll(own));
    for (const objective of [...objectives, ...this.#declared.objectives()]) this.addObjective(objective);
    this.#declared.handTo(this);
    this.#cancel = this.#clock.every(intervalMs, () => this.#evaluate());
  }

  /** The last messages go out, within that time. */
  async stop(leftMs: number): Promise<void> {
    if (this.#cancel === undefined) return;
    this.#cancel();
    this.#cancel = undefined;
    this.#declared.handTo(undefined);
    await this.#notifier.stop(leftMs);
  }

  /** The same name takes the place of the former. What is wrong is told and returned; with an error the rule is not used. */
  add(rule: AlertRule): readonly Finding[] {
    return this.#tell(this.#addAll([rule]));
  }

  /** The same for an objective, with all its burn rates: those that the new one does not have are watched no longer. */
  addObjective(objective: Objective): readonly Finding[] {
    const findings = this.#tell(objectiveFindings(objective));
    if (findings.some(({ level }) => level === 'error')) return findings;
    if (this.#budgets.add(objective)) this.#watchBurns(objective);
    return findings;
  }

  states(): AlertState[] {
    return statesOf(this.#engine.all(), this.#epoch);
  }

  /** Error budgets of the objectives. */
  budgets(): BudgetState[] {
    return this.#budgets.states();
  }

  /** What became of the messages, by sink. */
  deliveries(): SinkCounts[] {
    return this.#notifier.counts();
  }

  /** What the lint has said of rules and objectives that were given. */
  findings(): readonly Finding[] {
    return this.#findings;
  }

  /** Tells all sinks but the log of something that has happened once, and that no rule watches. Never throws. */
  announce(alert: Alert): void {
    guard('alerts', () => this.#notifier.announce(alert));
  }

  #watchBurns(objective: Objective): void {
    const rules = objectiveRules(objective);
    for (const rule of this.#burnRules.get(objective.name) ?? []) this.#engine.remove(rule);
    for (const rule of rules) this.#engine.add(rule);
    this.#burnRules.set(objective.name, rules);
  }

  #evaluate(): void {
    guard('alerts', () => {
      this.#budgets.sample(this.#clock.monotonic());
      this.#notifier.tell(this.#engine.evaluate());
    });
  }

  #addAll(given: readonly AlertRule[]): readonly Finding[] {
    const { rules, findings } = lint(given, [...this.#rules.values()]);
    for (const rule of rules) {
      if (!this.#rules.has(rule.name) && this.#rules.size >= MAX_RULES) {
        tooMany(rule);
        continue;
      }
      this.#rules.set(rule.name, rule);
      this.#engine.add(rule);
    }
    return findings;
  }

  #tell(findings: readonly Finding[]): readonly Finding[] {
    for (const finding of findings) {
      if (this.#findings.length < MAX_FINDINGS) this.#findings.push(finding);
      const { rule, code, level } = finding;
      const outcome = level === 'error' ? 'is not used' : 'runs all the same';
      diagnostics.warn(`alert rule ${rule} ${code}`, `alert rule ${findingText(finding)}; it ${outcome}`);
    }
    return findings;
  }
}

function tooMany({ name }: SettledRule): void {
  diagnostics.drop('alerts', 'rule_cap');
  diagnostics.warn(
    'alerts rules',
    `there are more than ${MAX_RULES} alert rules: "${name}" and others are not watched`,
  );
}
