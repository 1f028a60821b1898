import { durationText } from '../../core/duration.js';
import type { SettledRule } from '../rule.js';
import { alertExpression } from './alert-expression.js';
import { type BusinessMetrics, type NamedQuery, pickedBy, queryOf } from './query.js';
import type { AlertingRule, RecordingRule } from './rule-file.js';
import { annotationsOf, labelsOf } from './rule-text.js';
import { matchers, type Selectors } from './scope.js';

/** A rule that Prometheus cannot have, and why. */
export interface LeftOut {
  readonly rule: string;
  readonly reason: string;
}

/** One rule with the recording rules it stands on. */
export interface Translated {
  readonly rule: SettledRule;
  readonly query: NamedQuery;
  /** Labels that tell its series apart, the service's first. */
  readonly by: readonly string[];
  readonly records: readonly RecordingRule[];
  readonly alert: AlertingRule;
}

/** The rule in Prometheus's words, or why there are none for it. */
export function translated(rule: SettledRule, business: BusinessMetrics, select: Selectors): Translated | LeftOut {
  const { name, signal, windowSeconds, minSamples } = rule;
  const query = queryOf(signal, business);
  if (typeof query === 'string') return { rule: name, reason: query };
  const picked = matchers(pickedBy(signal, query));
  const by = [select.service, ...(query.perProcess ? [select.instance] : []), ...query.by];
  const window = durationText(windowSeconds);
  const samples = minSamples > 0 ? query.samples : undefined;
  const record = `${query.record}:${query.momentary ? 'now' : window}`;
  const sampleRecord = `${query.sampleRecord}:${window}`;
  const recorded = {
    value: select.of(record, ...picked),
    samples: samples && select.of(sampleRecord, ...picked),
    by,
  };
  return {
    rule,
    query,
    by,
    records: [
      { record, expr: query.value(select, by.join(', '), window) },
      ...(samples ? [{ record: sampleRecord, expr: samples(select, by.join(', '), window) }] : []),
    ],
    alert: {
      alert: name,
      expr: alertExpression(rule, query, recorded, select),
      ...(rule.forSeconds > 0 && { for: durationText(rule.forSeconds) }),
      ...(rule.keepFiringForSeconds > 0 && { keep_firing_for: durationText(rule.keepFiringForSeconds) }),
      labels: labelsOf(rule, select),
      annotations: annotationsOf(rule, by.slice(1)),
    },
  };
}
