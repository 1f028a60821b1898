import { describe, expect, test } from 'vitest';
import { fileText } from '../../src/alerts/generate/prometheus.js';
import { counterSeries } from '../../src/alerts/generate/test-series.js';
import { yamlText } from '../../src/core/yaml.js';
import { logLikelihoods, logMeanExp, type Tick } from '../../src/rollouts/evidence-ratio.js';
import { RATIOS, TOLERANCE } from '../../src/verdict/generate/evidence-query.js';
import { flagRules } from '../../src/verdict/generate/flag-rules.js';
import { flagRulesTests } from '../../src/verdict/generate/flag-rules-test.js';
import { checkRules, hasPromtool, testRules } from './promtool.js';

const options = { flag: 'new "checkout" {{x}}', control: 'off', service: 'check "out"', serviceLabel: 'app' };
const rules = fileText(flagRules(options), 'its rules');
const tests = fileText(flagRulesTests(options, 'rules.yml'), 'its tests');

describe.skipIf(!hasPromtool)(
  "the evidence of a flag as rules of Prometheus (skipped without Debian's package `prometheus`)",
  () => {
    test('promtool takes them, and sees them fire and be silent', () => {
      expect(checkRules(rules)).toMatchObject({ ok: true, text: expect.stringContaining('7 rules found') });
      expect(testRules(rules, tests)).toMatchObject({ ok: true, text: expect.stringContaining('SUCCESS') });
    });

    test('of all services and of a control that has any name', () => {
      const of = { flag: 'a', control: 'another' };
      const text = fileText(flagRules(of), 'its rules');
      expect(testRules(text, fileText(flagRulesTests(of, 'rules.yml'), 'its tests'))).toMatchObject({ ok: true });
    });

    test.each([
      ['fires too early', '> 4.6', '> 1.5'],
      ['never fires', '> 4.6', '> 1e9'],
      ['knows no errors where nobody has ever failed', ' * 0', ' * NaN'],
      ['needs no errors', '>= 5', '>= 0'],
      ['blames the variant for an incident', 'group_left () flag:requests', 'group_left () 0.01 * flag:requests'],
    ])('the generated test refuses rules of which one %s', (_what, right, wrong) => {
      expect(rules).toContain(right);
      expect(testRules(rules.replaceAll(right, wrong), tests).ok).toBe(false);
    });

    test.each<[string, Tick]>([
      ['worse', { control: { total: 95_000, bad: 950 }, canary: { total: 5000, bad: 150 } }],
      ['sound', { control: { total: 95_000, bad: 950 }, canary: { total: 5000, bad: 40 } }],
      ['far worse than numbers go', { control: { total: 950_000, bad: 10 }, canary: { total: 50_000, bad: 40_000 } }],
    ])('and their number is that of the process, of a variant that is %s', (_name, tick) => {
      const label = { app: options.service, instance: 'a', feature_flag_key: options.flag };
      const series = Object.entries({ off: tick.control, on: tick.canary }).flatMap(([variant, { total, bad }]) =>
        Object.entries({ ok: total - bad, error: bad, aborted: total }).map(([outcome, count]) =>
          counterSeries('feature_flag_exposures_total', { ...label, feature_flag_result_variant: variant, outcome }, [
            { value: count / 10, steps: 10 },
          ]),
        ),
      );
      const logs = logLikelihoods(RATIOS, TOLERANCE, tick).map((log) => Math.min(700, log));
      const thousandths = Math.floor(logMeanExp(logs) * 1000);
      const asked = yamlText({
        rule_files: ['rules.yml'],
        evaluation_interval: '10s',
        tests: [
          {
            interval: '10s',
            input_series: series,
            promql_expr_test: [
              {
                expr: 'sum(floor(flag:rollout_log_e * 1000))',
                eval_time: '100s',
                exp_samples: [{ labels: '{}', value: thousandths }],
              },
            ],
          },
        ],
      });
      expect(testRules(rules, asked)).toMatchObject({ ok: true });
    });
  },
);
