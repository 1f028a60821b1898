import type { SettledRule } from '../rule.js';
import { signalText } from '../signal.js';
import type { AlertSeries } from './series.js';

/**
 * Which alerts are not to be told while others fire: where a rule names the other in `inhibitedBy`, or where the other is
 * critical and it is not, on the same signal. Either way both must be of the same route, dependency or whatever both say:
 * trouble on one route does not mute another. Of one moment.
 */
export class Muting {
  readonly #firing = new Map<SettledRule, Map<string, AlertSeries>>();
  /** By rule, those that fire and may mute it. */
  readonly #mutedBy = new Map<SettledRule, SettledRule[]>();

  constructor(firing: readonly AlertSeries[]) {
    for (const series of firing) {
      const ofRule = this.#firing.get(series.rule) ?? new Map<string, AlertSeries>();
      this.#firing.set(series.rule, ofRule.set(series.key, series));
    }
  }

  isMuted(target: AlertSeries): boolean {
    for (const rule of this.#muters(target.rule)) {
      const ofRule = this.#firing.get(rule) ?? new Map<string, AlertSeries>();
      const twin = ofRule.get(target.key);
      if (twin !== undefined && isOfSame(twin, target)) return true;
      for (const source of ofRule.values()) if (isOfSame(source, target)) return true;
    }
    return false;
  }

  #muters(rule: SettledRule): readonly SettledRule[] {
    const known = this.#mutedBy.get(rule) ?? [...this.#firing.keys()].filter((source) => mayMute(source, rule));
    this.#mutedBy.set(rule, known);
    return known;
  }
}

function mayMute(source: SettledRule, target: SettledRule): boolean {
  if (source === target) return false;
  if (target.inhibitedBy.includes(source.name)) return true;
  const isGraver = source.severity === 'critical' && target.severity !== 'critical';
  return isGraver && signalText(source.signal) === signalText(target.signal);
}

function isOfSame({ labels }: AlertSeries, target: AlertSeries): boolean {
  for (const name in labels) if ((target.labels[name] ?? labels[name]) !== labels[name]) return false;
  return true;
}
