import { metricNames } from '../../alerts/generate/metric-names.js';
import type { RecordingRule, RuleFile } from '../../alerts/generate/rule-file.js';
import { literal } from '../../alerts/generate/rule-text.js';
import { equal, quoted, type Scope, selectors } from '../../alerts/generate/scope.js';
import { LIMIT, RATIOS, TOLERANCE } from './evidence-query.js';

export interface FlagRulesOptions extends Scope {
  readonly flag: string;
  /** The variant that the others are compared with: the flag's default one. */
  readonly control: string;
  /** How far back requests count, as PromQL writes it. @default 30m */
  readonly window?: string | undefined;
}

export const FLAG_ALERT = 'FlagVariantWorse';
export const FLAG = 'feature_flag_key';
export const VARIANT = 'feature_flag_result_variant';
const WINDOW = '30m';
const INTERVAL = '10s';
const KEEP = '2m';
/** Of the variant, below which nothing is said. As in the process. */
const FEWEST_BAD = 5;
const ACTION =
  'Turn the flag off, or look at the evidence on the status page under Rollouts; users of the variant see errors.';

/**
 * The rollback of a guard as rules of Prometheus, for a fleet that has one and no store: evidence that a variant of the flag
 * fails more than 1.5 times as often as the default one. What hits both at once is evidence against neither. The same test
 * as in the process without its restarts, its tempering by bursts and latency: the second best. The flag's share should
 * not change within the window.
 */
export function flagRules({ flag, control, window = WINDOW, ...scope }: FlagRulesOptions): RuleFile {
  const select = selectors(scope);
  const service = select.service;
  const own = equal(FLAG, flag);
  const by = [service, FLAG, VARIANT].join(', ');
  const requests = `flag:requests:${window}`;
  const errors = `flag:errors:${window}`;
  const counted = (outcome: string): string =>
    `sum by (${by}) (increase(${select.of(metricNames.exposures, own, outcome)}[${window}]))`;
  const canary = (record: string): string => select.of(record, own, `${VARIANT}!=${quoted(control)}`);
  /** Beside each variant, the control of the same flag and service. */
  const beside = `on (${service}, ${FLAG}) group_left ()`;
  const usual = (record: string): string => select.of(record, own, equal(VARIANT, control));
  const weighed = (ratio: number): string => `(${ratio} * ${canary(requests)} + ${beside} ${usual(requests)})`;
  const likelihood = (ratio: number): RecordingRule => {
    const share = `ln(${weighed(TOLERANCE)} / ${weighed(ratio)})`;
    const odds = Number(Math.log(ratio / TOLERANCE).toPrecision(12));
    return {
      record: 'flag:rollout_llr',
      expr: `${canary(errors)} * (${odds} + ${share}) + ${share} * ${beside} ${usual(errors)}`,
      labels: { ratio: String(ratio) },
    };
  };
  return {
    groups: [
      {
        name: `fourlights rollout of ${flag}`,
        interval: INTERVAL,
        rules: [
          { record: requests, expr: counted('outcome!="aborted"') },
          // Of a variant that has never failed there may be no series of errors: that is 0, and not nothing.
          { record: errors, expr: `${counted('outcome="error"')} or ${select.of(requests, own)} * 0` },
          ...RATIOS.map(likelihood),
          {
            record: 'flag:rollout_log_e',
            expr: `ln(avg by (${by}) (exp(clamp_max(${select.of('flag:rollout_llr', own)}, 700))))`,
          },
          {
            alert: FLAG_ALERT,
            expr: `${select.of('flag:rollout_log_e', own)} > ${LIMIT} and ${canary(errors)} >= ${FEWEST_BAD}`,
            keep_firing_for: KEEP,
            labels: {
              severity: 'critical',
              flag: literal(flag),
              variant: `{{ $labels.${VARIANT} }}`,
              ...(service === 'service' ? {} : { service: `{{ $labels.${service} }}` }),
            },
            annotations: {
              summary: `errors of {{ $labels.${VARIANT} }} of ${literal(flag)} are worse than of ${literal(control)}: evidence e^{{ $value | humanize }}, the limit is e^${LIMIT}`,
              action: ACTION,
            },
          },
        ],
      },
    ],
  };
}
