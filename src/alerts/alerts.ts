import type { Clock } from '../core/clock.js';
import { diagnostics } from '../core/diagnostics.js';
import { guard } from '../core/guard.js';
import { defaultRules } from './defaults.js';
import { Engine, EVALUATION_MS } from './engine/engine.js';
import type { AlertState as StateName } from './engine/machine.js';
import { mutes } from './engine/muting.js';
import type { Finding } from './lint/finding.js';
import { findingText, lint } from './lint/lint.js';
import type { GroupWaits } from './notify/groups.js';
import { Notifier } from './notify/notifier.js';
import type { OutboxCounts } from './notify/outbox.js';
import type { AlertOrigin } from './notify/wording.js';
import type { Objective } from './objective.js';
import type { AlertSources } from './readings/sources.js';
import type { AlertRule, Severity } from './rule.js';
import type { AlertLog } from './sinks/log.js';
import { type SinkSource, sinkOf } from './sinks/sinks.js';
import type { BudgetState } from './slo/budget.js';
import { Budgets } from './slo/budgets.js';
import { objectiveFindings } from './slo/check.js';
import { objectiveRules } from './slo/objective-rules.js';

export interface AlertsOptions extends AlertSources {
  readonly clock: Clock;
  readonly origin: AlertOrigin;
  readonly log: AlertLog;
  readonly rules?: readonly AlertRule[] | undefined;
  readonly objectives?: readonly Objective[] | undefined;
  /** Also the rules that come with the library. @default true */
  readonly defaults?: boolean | undefined;
  /** @default ['log'] */
  readonly sinks?: readonly SinkSource[] | undefined;
  /** @default those of an Alertmanager */
  readonly waits?: GroupWaits | undefined;
  /** @default 10 s; for tests against servers that have no manual clock */
  readonly intervalMs?: number | undefined;
}

/** How one series of one rule stands. Plain data, for /metrics and for a page. */
export interface AlertState {
  readonly name: string;
  readonly severity: Severity;
  /** Of what: `GET /carts/:user`, `postgres`, `new_checkout/on`; empty for the service. */
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: StateName;
  /** For how long it has been in that state, ms. */
  readonly sinceMs: number;
  /** What was last seen; `null` when nothing was. */
  readonly value: number | null;
  readonly muted: boolean;
  readonly flapping: boolean;
  readonly action: string;
}

/**
 * The alerts of a process: rules are evaluated every 10 s, and sinks are told. A rule that is wrong is told, and the others
 * run. Throws when built: for a sink that is unknown or whose address is none. After that nothing throws.
 */
export class Alerts {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #engine: Engine;
  readonly #budgets: Budgets;
  readonly #notifier: Notifier;
  readonly #findings: Finding[] = [];
  #cancel: (() => void) | undefined;

  constructor(options: AlertsOptions) {
    const { clock, origin, log, rules = [], objectives = [], defaults = true, sinks = ['log'], waits } = options;
    this.#clock = clock;
    this.#intervalMs = options.intervalMs ?? EVALUATION_MS;
    this.#budgets = new Budgets(options);
    this.#engine = new Engine(clock, options, this.#budgets, this.#intervalMs);
    this.#notifier = new Notifier(
      clock,
      origin,
      sinks.map((sink) => sinkOf(sink, { clock, log })),
      waits,
    );
    const own = new Set(rules.map((rule) => rule?.name));
    this.#addAll(defaults ? defaultRules.filter(({ name }) => !own.has(name)) : [], false);
    this.#addAll(rules, true);
    for (const objective of objectives) this.addObjective(objective);
  }

  start(): void {
    this.#cancel ??= this.#clock.every(this.#intervalMs, () => this.evaluate());
  }

  /** The last messages go out, within that time. */
  async stop(leftMs: number): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    await this.#notifier.stop(leftMs);
  }

  /** One evaluation, as the timer makes it. */
  evaluate(): void {
    guard('alerts', () => {
      this.#budgets.sample(this.#clock.monotonic());
      this.#notifier.tell(this.#engine.evaluate());
    });
  }

  /** The same name takes the place of the former. What is wrong is told and returned; with an error the rule is not used. */
  add(rule: AlertRule): readonly Finding[] {
    return this.#addAll([rule], true);
  }

  /** The same for an objective. */
  addObjective(objective: Objective): readonly Finding[] {
    const findings = objectiveFindings(objective);
    this.#tell(findings);
    if (findings.some(({ level }) => level === 'error')) return findings;
    this.#budgets.add(objective);
    for (const rule of objectiveRules(objective)) this.#engine.add(rule);
    return findings;
  }

  states(): AlertState[] {
    const nowMs = this.#clock.monotonic();
    const all = this.#engine.all();
    return all.map((series) => ({
      name: series.rule.name,
      severity: series.rule.severity,
      key: series.key,
      labels: series.labels,
      state: series.standing.state,
      sinceMs: nowMs - series.sinceMs,
      value: series.value,
      muted: all.some((other) => mutes(other, series)),
      flapping: series.firing && series.episode?.flapping === true,
      action: series.rule.action,
    }));
  }

  /** Error budgets of the objectives. */
  budgets(): BudgetState[] {
    return this.#budgets.states();
  }

  /** What became of the messages, by sink. */
  deliveries(): Record<string, OutboxCounts> {
    return this.#notifier.counts();
  }

  /** Everything that lint has said of the rules that were given. */
  findings(): readonly Finding[] {
    return this.#findings;
  }

  #addAll(given: readonly AlertRule[], told: boolean): Finding[] {
    const { rules, findings } = lint(given);
    for (const rule of rules) this.#engine.add(rule);
    if (told) this.#tell(findings);
    return [...findings];
  }

  #tell(findings: readonly Finding[]): void {
    for (const finding of findings) {
      this.#findings.push(finding);
      const outcome = finding.level === 'error' ? 'is not used' : 'runs all the same';
      diagnostics.warn(
        `alert rule ${finding.rule} ${finding.code}`,
        `alert rule ${findingText(finding)}; it ${outcome}`,
      );
    }
  }
}
