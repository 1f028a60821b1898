import type { SettledRule } from '../rule.js';
import { signalText } from '../signal.js';
import type { PrometheusRules } from './prometheus.js';
import { quoted } from './scope.js';

/** A part of an Alertmanager's configuration; keys as they stand there. */
export interface Inhibitions {
  readonly inhibit_rules: readonly InhibitRule[];
}

export interface InhibitRule {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  /** Both must have the same of each, or neither have it. */
  readonly equal: readonly string[];
}

/** A rule and the labels that tell its alerts apart. */
interface Told {
  readonly rule: SettledRule;
  readonly by: readonly string[];
}

/**
 * What the engine mutes by itself, for the Alertmanager behind Prometheus: a rule by those in its `inhibitedBy`, and by a
 * critical one on the same signal. As in the engine, what both alerts say of route, dependency and the like must be the same.
 */
export function inhibitions({ rules, objectives }: PrometheusRules): Inhibitions {
  const all: Told[] = [
    ...rules.map(({ rule, by }) => ({ rule, by: by.slice(1) })), // `service` stands for the first
    ...objectives.flatMap((one) => one.rules.map((rule) => ({ rule, by: ['slo'] }))),
  ];
  return {
    inhibit_rules: all.flatMap((target) =>
      all
        .filter((source) => mutes(source.rule, target.rule))
        .map((source) => ({
          source_matchers: [`alertname=${quoted(source.rule.name)}`],
          target_matchers: [`alertname=${quoted(target.rule.name)}`],
          equal: ['service', ...target.by.filter((label) => source.by.includes(label))],
        })),
    ),
  };
}

function mutes(source: SettledRule, target: SettledRule): boolean {
  if (source === target) return false;
  if (target.inhibitedBy.includes(source.name)) return true;
  const isGraver = source.severity === 'critical' && target.severity !== 'critical';
  return isGraver && signalText(source.signal) === signalText(target.signal);
}
