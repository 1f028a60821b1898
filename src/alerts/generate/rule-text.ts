import type { SettledRule } from '../rule.js';
import { ruleLabels } from '../rule-labels.js';
import { signals, signalText } from '../signal.js';
import type { Selectors } from './scope.js';

const SHOWN = {
  ratio: 'humanizePercentage',
  seconds: 'humanizeDuration',
  'per second': 'humanize',
  count: 'humanize',
  times: 'humanize',
  any: 'humanize',
} as const;

/** As the engine labels its own alerts, so that both make one notification; `service` stands on what Prometheus calls it. */
export function labelsOf(rule: Pick<SettledRule, 'severity' | 'owner' | 'signal'>, select: Selectors): Labels {
  const own = Object.entries(ruleLabels(rule)).map(([label, value]) => [label, literal(value)]);
  return {
    ...Object.fromEntries(own),
    ...(select.service === 'service' ? {} : { service: `{{ $labels.${select.service} }}` }),
  };
}

export function annotationsOf(rule: SettledRule, by: readonly string[]): Labels {
  const { signal, side, fireAt, action, runbook } = rule;
  const of = by.map((label) => ` {{ $labels.${label} }}`).join('');
  const { unit } = signals[signal.base];
  const value = `{{ $value | ${SHOWN[unit]} }}`;
  return {
    summary: `${literal(signalText(signal))}${of} is ${value}; it fires ${side} ${fireAt}`,
    action: literal(action),
    ...(runbook === undefined ? {} : { runbook_url: literal(runbook) }),
  };
}

export type Labels = Readonly<Record<string, string>>;

/** Prometheus reads `{{` in labels and annotations as the beginning of a template. */
export function literal(text: string): string {
  return text.replaceAll('{{', '{{ "{{" }}');
}
