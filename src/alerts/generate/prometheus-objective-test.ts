import type { BurnPair } from '../objective.js';
import { pairsOf } from '../slo/objective-rules.js';
import type { TranslatedObjective } from './prometheus-objective.js';
import type { RuleTest } from './prometheus-test.js';
import { type Scope, selectors } from './scope.js';
import { Story } from './test-story.js';

const STEP_S = 10;
const MINUTE_S = 60;
/** Requests in each step: more than any pair asks for, and less. */
const BUSY = 1000;
const QUIET = 0.3;
/** promtool takes a second for some minutes of this. */
const MOST_S = 2 * 60 * MINUTE_S;

/** Within the budget: silent. Faster than the fastest pair allows: fires, and soon after resolves. Nearly no traffic, all of it bad: silent. */
export function objectiveTests(made: TranslatedObjective, scope: Scope): RuleTest[] {
  const { objective, rules } = made;
  const [fastest] = pairsOf(objective);
  const budget = 1 - objective.objective;
  const silent = (share: number): Story => {
    const story = new Story(STEP_S).hold(share, 20 * MINUTE_S);
    for (const { name } of rules) story.expect(name, 0);
    return story;
  };
  const burning =
    fastest && burn(fastest, budget, rules.find((rule) => rule.severity === fastest.severity)?.name ?? '');
  const test = (name: string, story: Story, samples: number): RuleTest => ({
    name: `${objective.name} ${name}`,
    interval: `${STEP_S}s`,
    input_series: made.counts.inputs({
      stretches: story.stretches,
      labels: { ...sampleOf(scope), ...made.counts.labels },
      stepSeconds: STEP_S,
      windowSeconds: STEP_S,
      samples,
    }),
    promql_expr_test: story.expectations,
  });
  return [
    test('within its budget', silent(budget / 2), BUSY),
    ...(burning ? [test('burning', burning, BUSY)] : []),
    test('with too little traffic to say', silent(1), QUIET),
  ];
}

/** Three times too fast, for as long as it takes until the long window has seen enough of it; the short one lets go soon. */
function burn({ factor, longSeconds, shortSeconds }: BurnPair, budget: number, rule: string): Story | undefined {
  const share = Math.min(1, 3 * factor * budget);
  const seconds = 1.2 * longSeconds * ((factor * budget) / share) + 2 * MINUTE_S;
  if (seconds > MOST_S) return undefined;
  return new Story(STEP_S)
    .hold(share, seconds)
    .expect(rule, 1)
    .hold(0, shortSeconds + 5 * MINUTE_S)
    .expect(rule, 0);
}

function sampleOf(scope: Scope): Readonly<Record<string, string>> {
  const { service, instance } = selectors(scope);
  return { [service]: scope.service ?? 'checkout', [instance]: 'a:9464' };
}
