import type { Collector } from '../family.js';
import { keptLabels } from '../labels.js';
import type { AlertCounts, BudgetCounts } from '../sources.js';

/** How the alerts stand, and what is left of the error budgets. */
export function alerts(read: () => readonly AlertCounts[], budgets: () => readonly BudgetCounts[]): Collector {
  const labelsOf = keptLabels((alert: string, severity: string) => ({ alert, severity }));
  const budgetOf = keptLabels((slo: string) => ({ slo }));
  return () => [
    {
      ...{ type: 'gauge', over: 'max', name: 'fourlights.alerts.firing', unit: '{series}' },
      help: 'Series of an alert rule that fire now and are not muted.',
      action: "above 0: do what the rule's action says.",
      points: firing(read()).map(({ name, severity, count }) => ({ labels: labelsOf(name, severity), value: count })),
    },
    {
      ...{ type: 'gauge', over: 'max', name: 'slo.error_budget.remaining', unit: '1' },
      help: 'Share of the error budget of an objective that is left.',
      action: 'near 0: no risky releases until the period has moved on.',
      points: budgets().flatMap(({ name, budgetLeft }) =>
        budgetLeft === null ? [] : [{ labels: budgetOf(name), value: budgetLeft }],
      ),
    },
  ];
}

function firing(all: readonly AlertCounts[]): { name: string; severity: string; count: number }[] {
  const byRule = new Map<string, { name: string; severity: string; count: number }>();
  for (const { name, severity, state, muted } of all) {
    const known = byRule.get(name) ?? { name, severity, count: 0 };
    if (!muted && (state === 'firing' || state === 'recovering')) known.count++;
    byRule.set(name, known);
  }
  return [...byRule.values()];
}
