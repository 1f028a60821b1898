import { defaultRules } from '../../../src/alerts/defaults.js';
import type { BusinessMetrics } from '../../../src/alerts/generate/query.js';
import { lint } from '../../../src/alerts/lint/lint.js';
import type { Objective } from '../../../src/alerts/objective.js';
import type { SettledRule } from '../../../src/alerts/rule.js';
import { type SignalBase, type SignalKind, signals } from '../../../src/alerts/signal.js';

const KEYS: Partial<Record<SignalKind['per'], string>> = {
  route: 'GET /carts/:user',
  dependency: 'orders',
  resource: 'memory',
  variant: 'new_checkout/on',
  metric: 'orders.placed',
};

/** A rule on every signal there is, of all its series and, where there is a key, of one; above, and of the first also below. */
export function everySignal(): SettledRule[] {
  const bases = (Object.keys(signals) as SignalBase[]).filter((base) => base !== 'slo.burn');
  const given = bases.flatMap((base, index) => {
    const { per, unit }: SignalKind = signals[base];
    const key = KEYS[per];
    const name = `Rule${index}`;
    const common = { severity: 'warning', action: 'look at the dashboard', for: '1m', keepFiringFor: '1m' };
    const above = unit === 'ratio' ? { fireAbove: 0.5, resolveBelow: 0.4 } : { fireAbove: 9, resolveBelow: 8 };
    const below = unit === 'ratio' ? { fireBelow: 0.4, resolveAbove: 0.5 } : { fireBelow: 8, resolveAbove: 9 };
    return [
      ...(base === 'business' ? [] : [{ ...common, ...above, name, signal: base }]),
      ...(key === undefined
        ? []
        : [{ ...common, ...above, name: `${name}Keyed`, signal: `${base}:${key}`, noData: 'resolve' }]),
      ...(base === 'saturation' ? [{ ...common, ...above, name: 'Each', signal: 'saturation:*' }] : []),
      ...(per === 'service' ? [{ ...common, ...below, name: `${name}Below`, signal: base, noData: 'fire' }] : []),
    ];
  });
  const { rules, findings } = lint([...given, ...defaultRules]);
  const errors = findings.filter(({ level }) => level === 'error');
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return [...rules];
}

const action = 'roll back the last release';

/** Of every kind of thing that can be counted. */
export const everyObjective: readonly Objective[] = [
  { name: 'availability', objective: 0.999, action },
  { name: 'speed', objective: 0.99, action, sli: { of: 'requests', route: 'GET /carts/:user', slowerThan: 1 } },
  { name: 'orders_db', objective: 0.995, period: '7d', action, sli: { of: 'dependency', name: 'orders' } },
  {
    name: 'payments',
    objective: 0.999,
    action,
    sli: { of: 'counters', bad: 'payments.failed', total: 'payments.all' },
  },
];

export const someBusiness: BusinessMetrics = (name) => {
  if (name === 'orders.placed') return { kind: 'timer', metric: 'orders_placed_seconds', labels: ['plan'] };
  if (name.startsWith('payments.')) return { kind: 'counter', metric: `${name.replace('.', '_')}_total`, labels: [] };
  return undefined;
};
