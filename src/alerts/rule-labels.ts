import type { SettledRule } from './rule.js';
import { signalText } from './signal.js';

/**
 * The labels that an alert has from its rule, whoever evaluates that; the engine and the generated rules add the name, the
 * service and what the series is of. `signal` is what a grave and a lesser rule on one thing have in common, so that an
 * Alertmanager can let the one mute the other.
 */
export function ruleLabels({
  severity,
  owner,
  signal,
}: Pick<SettledRule, 'severity' | 'owner' | 'signal'>): Readonly<Record<string, string>> {
  return { severity, signal: signalText(signal), ...(owner !== undefined && { owner }) };
}

/** For the `equal` of an Alertmanager's `inhibit_rules`: a critical alert mutes others that have all of these in common. */
export const MUTED_WHERE_EQUAL: readonly string[] = [
  ...['service', 'environment', 'signal', 'http_request_method', 'http_route'],
  ...['dependency', 'resource', 'flag', 'variant', 'slo'],
];
