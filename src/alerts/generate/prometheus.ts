import { yamlText } from '../../core/yaml.js';
import type { SettledRule } from '../rule.js';
import { isLeftOut, type LeftOut, type Translated, translated } from './prometheus-rules.js';
import type { BusinessMetrics } from './query.js';
import type { RecordingRule, RuleFile } from './rule-file.js';
import { span } from './rule-text.js';
import { type Scope, selectors } from './scope.js';

export interface PrometheusOptions extends Scope {
  readonly rules: readonly SettledRule[];
  /** What rules on business metrics need to know of them. @default none is known */
  readonly business?: BusinessMetrics | undefined;
  /** Time between two evaluations, seconds. @default 10, as the engine's */
  readonly intervalSeconds?: number | undefined;
}

export interface PrometheusRules {
  readonly file: RuleFile;
  readonly translated: readonly Translated[];
  readonly leftOut: readonly LeftOut[];
}

const INTERVAL_S = 10;

/** The rules as Prometheus has them: same thresholds, windows and times as in the process. */
export function prometheusRules(options: PrometheusOptions): PrometheusRules {
  const { rules, business = () => undefined, intervalSeconds = INTERVAL_S, service } = options;
  const select = selectors(options);
  const all = rules.map((rule) => translated(rule, business, select));
  const made = all.filter((one): one is Translated => !isLeftOut(one));
  const group = {
    name: service === undefined ? 'fourlights' : `fourlights ${service}`,
    interval: span(intervalSeconds),
    // In one group, as those run one after another: an alert sees what has just been recorded.
    rules: [...distinct(made.flatMap(({ records }) => records)), ...made.map(({ alert }) => alert)],
  };
  return {
    file: { groups: group.rules.length === 0 ? [] : [group] },
    translated: made,
    leftOut: all.filter(isLeftOut),
  };
}

/** Rules on the same signal and window share what is recorded. */
function distinct(records: readonly RecordingRule[]): RecordingRule[] {
  return [...new Map(records.map((record) => [record.record, record])).values()];
}

/** The file's text. `note` goes on top, as a comment. */
export function ruleFileText(file: RuleFile, note: string): string {
  return `${note.replace(/^/gm, '# ')}\n${yamlText(file)}`;
}
