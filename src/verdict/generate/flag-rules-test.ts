import { metricNames } from '../../alerts/generate/metric-names.js';
import type { RuleTest, TestFile } from '../../alerts/generate/prometheus-test.js';
import { selectors } from '../../alerts/generate/scope.js';
import { counterSeries, type InputSeries } from '../../alerts/generate/test-series.js';
import { Story } from '../../alerts/generate/test-story.js';
import { FLAG, FLAG_ALERT, type FlagRulesOptions, VARIANT } from './flag-rules.js';

const STEP_S = 10;
const MINUTE_S = 60;
/** Requests in each step: 1000 per second, of which the variant has a twentieth. */
const REQUESTS = { control: 9500, canary: 500 };
const CANARY = 'another';

/** Shares of requests that fail; `undefined`: the counter of errors is not there at all. */
interface Failing {
  readonly control: number | undefined;
  readonly canary: number;
}

/** For `promtool test rules`: fires where the variant is worse, and is silent where both are, or where there is too little. */
export function flagRulesTests(options: FlagRulesOptions, ruleFile: string): TestFile {
  const test = (name: string, failing: Failing, minutes: number, fires: 0 | 1, scale = 1): RuleTest => {
    const story = new Story(STEP_S).hold(1, minutes * MINUTE_S).expect(FLAG_ALERT, fires);
    return {
      name: `${options.flag}: ${name}`,
      interval: `${STEP_S}s`,
      input_series: inputs(options, failing, story, scale),
      promql_expr_test: story.expectations,
    };
  };
  return {
    rule_files: [ruleFile],
    evaluation_interval: `${STEP_S}s`,
    tests: [
      test('as bad as the default one', { control: 0.01, canary: 0.01 }, 30, 0),
      test('a fifth worse', { control: 0.01, canary: 0.012 }, 30, 0),
      test('both bad: an incident', { control: 0.3, canary: 0.3 }, 30, 0),
      test('four times as bad, of too few requests to be sure', { control: 0.01, canary: 0.04 }, 4, 0, 0.02),
      test('five times as bad', { control: 0.01, canary: 0.05 }, 2, 1),
      test('failing where nothing has ever failed', { control: undefined, canary: 0.05 }, 2, 1),
      test('a few requests, all of which fail', { control: 0, canary: 1 }, 2, 0, 0.00066),
    ],
  };
}

function inputs(options: FlagRulesOptions, failing: Failing, { stretches }: Story, scale: number): InputSeries[] {
  const select = selectors(options);
  const series = (variant: string, outcome: string, perStep: number): InputSeries =>
    counterSeries(
      metricNames.exposures,
      {
        [select.service]: options.service ?? 'checkout',
        [select.instance]: 'a:9464',
        [FLAG]: options.flag,
        [VARIANT]: variant,
        outcome,
      },
      stretches.map(({ steps }) => ({ value: perStep, steps })),
    );
  const side = (variant: string, requests: number, bad: number | undefined): InputSeries[] => [
    series(variant, 'ok', requests * scale * (1 - (bad ?? 0))),
    ...(bad === undefined ? [] : [series(variant, 'error', requests * scale * bad)]),
  ];
  const canary = options.control === CANARY ? 'one more' : CANARY;
  return [
    ...side(options.control, REQUESTS.control, failing.control),
    ...side(canary, REQUESTS.canary, failing.canary),
  ];
}
