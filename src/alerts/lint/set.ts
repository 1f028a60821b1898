import type { SettledRule } from '../rule.js';
import { signalText } from '../signal.js';
import type { Finding } from './finding.js';

const MAX_CRITICAL = 10;

/** What is wrong with rules only because of each other. All of it runs. */
export function setFindings(rules: readonly SettledRule[]): Finding[] {
  const names = rules.map(({ name }) => name);
  const unknown = rules.flatMap((rule) =>
    rule.inhibitedBy
      .filter((name) => !names.includes(name) || name === rule.name)
      .map((name) =>
        finding(
          rule,
          'inhibited-by-whom',
          `inhibitedBy names "${name}", and no other rule has that name: write one of theirs, or leave it out`,
        ),
      ),
  );
  return [...sameThresholds(rules), ...unknown, ...tooManyCritical(rules)];
}

function sameThresholds(rules: readonly SettledRule[]): Finding[] {
  const first = new Map<string, SettledRule>();
  const findings: Finding[] = [];
  for (const rule of rules) {
    const watched = `${signalText(rule.signal)} ${rule.side} ${rule.fireAt}`;
    const before = first.get(watched);
    if (before === undefined) first.set(watched, rule);
    else
      findings.push(
        finding(
          rule,
          'same-threshold',
          `"${before.name}" fires at the same: ${watched}. Write one rule, or let the graver one fire further out`,
        ),
      );
  }
  return findings;
}

function tooManyCritical(rules: readonly SettledRule[]): Finding[] {
  const critical = rules.filter(({ severity }) => severity === 'critical');
  const [eleventh] = critical.slice(MAX_CRITICAL);
  if (eleventh === undefined) return [];
  const message = `there are ${critical.length} critical rules, and nobody takes more than ${MAX_CRITICAL} seriously: write severity: 'warning' where it can wait for the morning`;
  return [finding(eleventh, 'many-critical', message)];
}

function finding({ name }: SettledRule, code: string, message: string): Finding {
  return { rule: name, code, level: 'warning', message };
}
