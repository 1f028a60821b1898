import { Engine } from '../../src/alerts/engine/engine.js';
import { prometheusRules } from '../../src/alerts/generate/prometheus.js';
import { lint } from '../../src/alerts/lint/lint.js';
import type { AlertRule, SettledRule } from '../../src/alerts/rule.js';
import { yamlText } from '../../src/core/yaml.js';
import type { GoldenSignals } from '../../src/signals/golden-signals.js';
import { manualClock } from '../../src/testing/manual-clock.js';

/** What is seen of one series at one step: nothing at all, or a value and how many samples it is made of. */
export type Seen = { readonly value: number; readonly samples: number } | undefined;

/** One series of a rule, step by step; it may look at the state it is in. */
export type Chooser = (state: string) => Seen;

export const STEP_S = 10;
const ROUTE = { http_request_method: 'GET' } as const;

export function settledRule(rule: AlertRule): SettledRule {
  const { rules, findings } = lint([rule]);
  const [one] = rules;
  if (one === undefined) throw new Error(JSON.stringify(findings));
  return one;
}

/** What was chosen, and at which steps the engine of the process fired. */
export interface Run {
  readonly seen: readonly Seen[];
  readonly firing: readonly boolean[];
}

/** The real engine on a manual clock, over as many series at once as there are choosers. */
export function runEngine(rule: SettledRule, choosers: readonly Chooser[], steps: number): Run[] {
  const clock = manualClock();
  let now: readonly Seen[] = choosers.map(() => undefined);
  const engine = new Engine(clock, { snapshot: () => snapshotOf(now) });
  engine.add(rule);
  engine.evaluate(); // the first has nothing before it and judges nothing
  const runs = choosers.map(() => ({ seen: [] as Seen[], firing: [] as boolean[] }));
  for (let step = 0; step < steps; step++) {
    clock.advance(STEP_S * 1000);
    const states = statesOf(engine);
    now = choosers.map((choose, index) => choose(states.get(keyOf(index)) ?? 'inactive'));
    engine.evaluate();
    const firing = new Set(engine.all().flatMap((series) => (series.firing ? [series.key.replace('GET ', '')] : [])));
    for (const [index, run] of runs.entries()) {
      run.seen.push(now[index]);
      run.firing.push(firing.has(keyOf(index)));
    }
  }
  return runs;
}

function statesOf(engine: Engine): Map<string, string> {
  return new Map(engine.all().map(({ key, standing }) => [key.replace('GET ', ''), standing.state]));
}

const keyOf = (index: number): string => `s${index}`;

/** Only what the two signals in use read of it. */
function snapshotOf(all: readonly Seen[]): GoldenSignals {
  const present = all.flatMap((seen, index) => (seen === undefined ? [] : [{ key: keyOf(index), ...seen }]));
  const routes = present.map(({ key, value, samples }) => ({
    ...{ method: 'GET', route: key, latency: { count: samples } },
    errors: { ratio: samples === 0 ? null : value },
  }));
  const resources = Object.fromEntries(present.map(({ key, value }) => [key, { ratio: value, readings: {} }]));
  return { routes, saturation: { worst: null, ratio: null, resources } } as unknown as GoldenSignals;
}

/** The same series for promtool: the rule's alert on what its recording rules would have recorded, expected to fire as the engine did. */
export function promtoolFiles(rule: SettledRule, runs: readonly Run[]): { rules: string; tests: string } {
  const { file, rules } = prometheusRules({ rules: [rule] });
  const [value = '', samples] = rules[0]?.records.map(({ record }) => record) ?? [];
  const isPerProcess = rule.signal.base === 'saturation';
  const labels = (index: number): string =>
    isPerProcess
      ? `{job="j",instance="i",resource="${keyOf(index)}"}`
      : `{job="j",http_request_method="${ROUTE.http_request_method}",http_route="${keyOf(index)}"}`;
  const steps = runs[0]?.seen.length ?? 0;
  const series = runs.flatMap(({ seen }, index) => [
    { series: `${value}${labels(index)}`, values: valuesOf(seen, (one) => one.value) },
    ...(samples === undefined
      ? []
      : [{ series: `${samples}${labels(index)}`, values: valuesOf(seen, (one) => one.samples) }]),
  ]);
  const by = isPerProcess ? 'resource' : 'http_route';
  const expectations = Array.from({ length: steps }, (_, step) => ({
    expr: `count by (${by}) (ALERTS{alertstate="firing"})`,
    eval_time: `${step * STEP_S}s`,
    exp_samples: runs.flatMap(({ firing }, index) =>
      firing[step] ? [{ labels: `{${by}="${keyOf(index)}"}`, value: 1 }] : [],
    ),
  }));
  return {
    rules: yamlText({
      groups: file.groups.map((group) => ({ ...group, rules: group.rules.filter((one) => 'alert' in one) })),
    }),
    tests: yamlText({
      rule_files: ['rules.yml'],
      evaluation_interval: `${STEP_S}s`,
      tests: [
        {
          interval: `${STEP_S}s`,
          input_series: [
            ...series,
            { series: 'process_uptime_seconds{job="j",instance="i"}', values: `1+10x${steps}` },
          ],
          promql_expr_test: expectations,
        },
      ],
    }),
  };
}

/** A series that has gone is stale at once, as after a scrape without it. */
function valuesOf(seen: readonly Seen[], pick: (one: NonNullable<Seen>) => number): string {
  return seen.map((one) => (one === undefined ? 'stale' : String(pick(one)))).join(' ');
}
