import type { SettledRule } from '../rule.js';
import type { PrometheusRules } from './prometheus.js';
import { objectiveTests } from './prometheus-objective-test.js';
import type { Translated } from './prometheus-rules.js';
import { pickedBy } from './query.js';
import { type Scope, selectors } from './scope.js';
import { type Levels, levels } from './test-levels.js';
import type { InputSeries } from './test-series.js';
import { type Expectation, Story } from './test-story.js';

/** As promtool reads its test files; keys as they stand there. */
export interface TestFile {
  readonly rule_files: readonly string[];
  readonly evaluation_interval: string;
  readonly tests: readonly RuleTest[];
}

export interface RuleTest {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly InputSeries[];
  readonly promql_expr_test: readonly Expectation[];
}

const STEP_S = 10;
/** Three evaluations. */
const MARGIN_S = 30;

/** For `promtool test rules`: each rule and objective firing, not firing and holding. `ruleFile`: as seen from the test file. */
export function prometheusTests({ rules, objectives }: PrometheusRules, scope: Scope, ruleFile: string): TestFile {
  const ofRules = rules.flatMap((one) => {
    const values = levels(one.rule);
    return values === undefined ? [] : [ruleTest(one, values, scope)];
  });
  const tests = [...ofRules, ...objectives.flatMap((one) => objectiveTests(one, scope))];
  return { rule_files: [ruleFile], evaluation_interval: `${STEP_S}s`, tests };
}

function ruleTest({ rule, query, by }: Translated, values: Levels, scope: Scope): RuleTest {
  const select = selectors(scope);
  const story = storyOf(rule, values, query);
  const samples: Readonly<Record<string, string>> = { http_request_method: 'GET', http_route: '/', resource: 'memory' };
  const labels = {
    [select.service]: scope.service ?? 'checkout',
    [select.instance]: 'a:9464',
    ...Object.fromEntries(query.by.map((label) => [label, samples[label] ?? 'a'])),
    ...pickedBy(rule.signal, query),
  };
  return {
    name: `${rule.name} by ${by.join(', ')}`,
    interval: `${STEP_S}s`,
    input_series: query.inputs({
      stretches: story.stretches,
      labels,
      stepSeconds: STEP_S,
      windowSeconds: rule.windowSeconds,
      samples: samplesPerStep(rule),
    }),
    promql_expr_test: story.expectations,
  };
}

/** Silent; silent in the band, also after a peak that was too short; firing, and not before its time; held in the band; resolved, and not before its time; silent in the band. */
function storyOf(rule: SettledRule, { clear, band, beyond }: Levels, query: Translated['query']): Story {
  const { name, forSeconds, keepFiringForSeconds } = rule;
  const window = query.momentary ? 0 : rule.windowSeconds;
  const whenFires = window + forSeconds + MARGIN_S;
  const whenResolves = window + keepFiringForSeconds + MARGIN_S;
  const story = new Story(STEP_S).hold(clear, window + (query.lookbackSeconds ?? 0));
  story.hold(clear, whenResolves).expect(name, 0);
  if (band !== undefined) {
    story.hold(band, whenFires).expect(name, 0);
    const peak = Math.floor(forSeconds / 2);
    if (peak - window > MARGIN_S) story.hold(beyond, peak).hold(band, whenFires).expect(name, 0);
  }
  const notYet = forSeconds >= MARGIN_S ? forSeconds - STEP_S : 0;
  if (notYet > 0) story.hold(beyond, notYet).expect(name, 0);
  story.hold(beyond, whenFires - notYet).expect(name, 1);
  if (band !== undefined) story.hold(band, whenResolves).expect(name, 1);
  const still = keepFiringForSeconds >= MARGIN_S ? keepFiringForSeconds - STEP_S : 0;
  if (still > 0) story.hold(clear, still).expect(name, 1);
  story.hold(clear, whenResolves - still).expect(name, 0);
  if (band !== undefined) story.hold(band, whenFires).expect(name, 0);
  return story;
}

/** Four times the minimum, so that none of it is a matter of rounding. */
function samplesPerStep({ minSamples, windowSeconds }: SettledRule): number {
  return Math.max(100, Math.ceil((4 * minSamples * STEP_S) / windowSeconds));
}
