import { durationText } from '../../core/duration.js';
import type { BurnPair, Objective } from '../objective.js';
import type { SettledRule } from '../rule.js';
import { objectiveRules, pairsOf, periodSeconds } from '../slo/objective-rules.js';
import { alertExpression } from './alert-expression.js';
import { type Counts, countsOf } from './objective-counts.js';
import type { LeftOut } from './prometheus-rules.js';
import type { BusinessMetrics } from './query.js';
import type { AlertingRule, RecordingRule } from './rule-file.js';
import { annotationsOf, labelsOf, literal } from './rule-text.js';
import { equal, type Selectors } from './scope.js';

export interface TranslatedObjective {
  readonly objective: Objective;
  readonly counts: Counts;
  readonly rules: readonly SettledRule[];
  readonly records: readonly RecordingRule[];
  readonly alerts: readonly AlertingRule[];
  /** Reads the whole period, so it is not for every evaluation. */
  readonly budget: RecordingRule;
}

const SLO = 'slo';
const BAD = 'objective:bad:rate1m';
const ALL = 'objective:all:rate1m';

/**
 * An objective in Prometheus's words. What is bad and what there is at all is recorded once; longer windows are made of
 * that, as days of every route and status would be too much to read every ten seconds.
 */
export function translatedObjective(
  objective: Objective,
  business: BusinessMetrics,
  select: Selectors,
  intervalSeconds: number,
): TranslatedObjective | LeftOut {
  const counts = countsOf(objective.sli, business);
  if (typeof counts === 'string') return { rule: objective.name, reason: counts };
  const pairs = pairsOf(objective);
  const rules = objectiveRules(objective);
  const own = (name: string): string => select.of(name, equal(SLO, objective.name));
  const record = (name: string, expr: string): RecordingRule => ({
    record: name,
    expr,
    labels: { [SLO]: literal(objective.name) },
  });
  const over = (pair: BurnPair): string => burnExpression(objective, pair, own, intervalSeconds);
  return {
    objective,
    counts,
    rules,
    records: [
      record(BAD, counts.bad(select, select.service, 'rate', '1m')),
      record(ALL, counts.total(select, select.service, 'rate', '1m')),
      ...pairs.map((pair) => record(burn(durationText(pair.longSeconds)), over(pair))),
      ...rules.map(({ severity }) => {
        const mine = pairs
          .filter((pair) => pair.severity === severity)
          .map(({ longSeconds }) => durationText(longSeconds));
        return record(burn(severity), mine.map((window) => own(burn(window))).reduce(greatest));
      }),
    ],
    alerts: rules.map((rule) => alertOf(rule, own(burn(rule.severity)), select)),
    budget: record('objective:budget_left', budgetExpression(objective, own)),
  };
}

/** By its long window, or the worst of a severity. */
const burn = (of: string): string => `objective:burn:${of}`;

/** PromQL has no greatest and least of two vectors. The greatest is also there where one of them is not. */
const greatest = (a: string, b: string): string => `((${a} >= ${b}) or ${b} or ${a})`;
const least = (a: string, b: string): string => `((${a} <= ${b}) or ${b})`;

/**
 * The lesser of the pair's windows, as both must be beyond, as a multiple of what the pair allows; nothing while there is too
 * little traffic in the long one. As in the process, time that is not known counts as good time in the long one: else a
 * pair of days would be one of minutes when all has just begun.
 */
function burnExpression(
  { objective }: Objective,
  { longSeconds, shortSeconds, factor, minEvents }: BurnPair,
  own: (record: string) => string,
  intervalSeconds: number,
): string {
  const sum = (name: string, seconds: number): string => `sum_over_time(${own(name)}[${durationText(seconds)}])`;
  const share = (seconds: number): string => `${sum(BAD, seconds)} / (${sum(ALL, seconds)} > 0)`;
  const known = `clamp_max(count_over_time(${own(ALL)}[${durationText(longSeconds)}]) * ${intervalSeconds} / ${longSeconds}, 1)`;
  const long = `${share(longSeconds)} * ${known}`;
  const short = `(${share(shortSeconds)} or ${sum(ALL, shortSeconds)} == 0)`;
  const allowed = rounded(factor * (1 - objective));
  return `${least(long, short)} / ${allowed} and ${sum(ALL, longSeconds)} * ${intervalSeconds} >= ${minEvents}`;
}

/** Of what was counted: 1 all of it, 0 none, below 0 overdrawn. */
function budgetExpression(objective: Objective, own: (record: string) => string): string {
  const period = durationText(periodSeconds(objective));
  const share = `sum_over_time(${own(BAD)}[${period}]) / (sum_over_time(${own(ALL)}[${period}]) > 0)`;
  return `1 - ${share} / ${rounded(1 - objective.objective)}`;
}

/** Without the tail of binary fractions. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

function alertOf(rule: SettledRule, value: string, select: Selectors): AlertingRule {
  const by = [select.service, SLO];
  return {
    alert: rule.name,
    expr: alertExpression(rule, { by: [SLO], perProcess: false }, { value, samples: undefined, by }, select),
    keep_firing_for: durationText(rule.keepFiringForSeconds),
    labels: labelsOf(rule, select),
    annotations: annotationsOf(rule, []),
  };
}
