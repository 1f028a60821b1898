import { signalText } from '../signal.js';
import type { AlertSeries } from './series.js';

/**
 * Whether one, which must be firing, keeps another from being told: where the other's rule names it in `inhibitedBy`, or where it is
 * critical and the other is not, on the same signal. Either way they must be of the same route, dependency or whatever
 * both say: trouble on one route does not mute another.
 */
export function mutes(source: AlertSeries, target: AlertSeries): boolean {
  if (source.rule === target.rule) return false;
  const isNamed = target.rule.inhibitedBy.includes(source.rule.name);
  const isGraver = source.rule.severity === 'critical' && target.rule.severity !== 'critical';
  if (!isNamed && !(isGraver && signalText(source.rule.signal) === signalText(target.rule.signal))) return false;
  return Object.entries(source.labels).every(([name, value]) => (target.labels[name] ?? value) === value);
}
