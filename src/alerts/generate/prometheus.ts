import { durationText } from '../../core/duration.js';
import { yamlText } from '../../core/yaml.js';
import type { Objective } from '../objective.js';
import type { SettledRule } from '../rule.js';
import type { Inhibitions } from './alertmanager.js';
import { type TranslatedObjective, translatedObjective } from './prometheus-objective.js';
import { type LeftOut, type Translated, translated } from './prometheus-rules.js';
import type { TestFile } from './prometheus-test.js';
import type { BusinessMetrics } from './query.js';
import type { AlertingRule, RecordingRule, RuleFile, RuleGroup } from './rule-file.js';
import { type Scope, selectors } from './scope.js';

export interface PrometheusOptions extends Scope {
  readonly rules: readonly SettledRule[];
  /** @default none */
  readonly objectives?: readonly Objective[] | undefined;
  /** What rules on business metrics need to know of them. @default none is known */
  readonly business?: BusinessMetrics | undefined;
  /** Time between two evaluations, seconds. @default 10, as the engine's */
  readonly intervalSeconds?: number | undefined;
}

export interface PrometheusRules {
  readonly file: RuleFile;
  readonly rules: readonly Translated[];
  readonly objectives: readonly TranslatedObjective[];
  /** What Prometheus has no numbers for; the service itself goes on watching it. */
  readonly leftOut: readonly LeftOut[];
}

const INTERVAL_S = 10;
const BUDGET_INTERVAL_S = 300;

/** The rules as Prometheus has them: same thresholds, windows and times as in the process. */
export function prometheusRules(options: PrometheusOptions): PrometheusRules {
  const { business = () => undefined, intervalSeconds = INTERVAL_S, service } = options;
  const select = selectors(options);
  const rules = parted(options.rules.map((rule) => translated(rule, business, select)));
  const objectives = parted(
    (options.objectives ?? []).map((one) => translatedObjective(one, business, select, intervalSeconds)),
  );
  const name = service === undefined ? 'fourlights' : `fourlights ${service}`;
  return {
    file: {
      groups: [
        group(name, intervalSeconds, rules.made, (one) => [one.alert]),
        group(`${name} objectives`, intervalSeconds, objectives.made, (one) => one.alerts),
        group(
          `${name} budgets`,
          BUDGET_INTERVAL_S,
          objectives.made.map(({ budget }) => ({ records: [budget] })),
        ),
      ].filter((one) => one.rules.length > 0),
    },
    rules: rules.made,
    objectives: objectives.made,
    leftOut: [...rules.leftOut, ...objectives.leftOut],
  };
}

function parted<T extends object>(all: readonly (T | LeftOut)[]): { made: T[]; leftOut: LeftOut[] } {
  const isLeftOut = (one: T | LeftOut): one is LeftOut => 'reason' in one;
  return { made: all.filter((one): one is T => !isLeftOut(one)), leftOut: all.filter(isLeftOut) };
}

/** All in one group, as those run one after another: an alert sees what has just been recorded. */
function group<T extends { readonly records: readonly RecordingRule[] }>(
  name: string,
  seconds: number,
  made: readonly T[],
  alerts: (one: T) => readonly AlertingRule[] = () => [],
): RuleGroup {
  const records = distinct(made.flatMap((one) => one.records));
  return { name, interval: durationText(seconds), rules: [...records, ...made.flatMap(alerts)] };
}

/** Rules on the same signal and window share what is recorded. */
function distinct(records: readonly RecordingRule[]): RecordingRule[] {
  return [...new Map(records.map((one) => [`${one.record} ${JSON.stringify(one.labels)}`, one])).values()];
}

/** The text of a file of rules, of tests, or of what an Alertmanager needs. `note` goes on top, as a comment. */
export function fileText(file: RuleFile | TestFile | Inhibitions, note: string): string {
  return `${note.replace(/^/gm, '# ')}\n${yamlText(file)}`;
}
