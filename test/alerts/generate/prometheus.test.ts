import { describe, expect, test } from 'vitest';
import { inhibitions } from '../../../src/alerts/generate/alertmanager.js';
import { fileText, prometheusRules } from '../../../src/alerts/generate/prometheus.js';
import { prometheusTests } from '../../../src/alerts/generate/prometheus-test.js';
import type { AlertingRule } from '../../../src/alerts/generate/rule-file.js';
import { levels } from '../../../src/alerts/generate/test-levels.js';
import { lint } from '../../../src/alerts/lint/lint.js';
import type { Objective } from '../../../src/alerts/objective.js';
import type { AlertRule, SettledRule } from '../../../src/alerts/rule.js';

const base = { severity: 'warning', action: 'look at the database' } as const;
const errors = { ...base, name: 'Errors', signal: 'errors.ratio', fireAbove: 0.05, resolveBelow: 0.04 } as const;

function settled(...given: AlertRule[]): readonly SettledRule[] {
  return lint(given).rules;
}

function alerts(...given: AlertRule[]): AlertingRule[] {
  const { file } = prometheusRules({ rules: settled(...given) });
  return file.groups.flatMap(({ rules }) => rules.flatMap((rule) => ('alert' in rule ? [rule] : [])));
}

describe('a rule in Prometheus', () => {
  test('is beyond, or in the band while it fires, or not known while it fires', () => {
    const [{ expr } = { expr: '' }] = alerts(errors);
    const enough = 'service:requests:1m >= 100';
    const firing = 'ALERTS{alertname="Errors",alertstate="firing"}';
    expect(expr.split('\nor\n')).toEqual([
      `(service:errors_ratio:1m > 0.05 and ${enough})`,
      `(service:errors_ratio:1m > 0.04 and ${enough}) and on (job) ${firing}`,
      `max by (job) (${firing}) * NaN and on (job) last_over_time(service:requests:1m[1h]) unless on (job) (service:errors_ratio:1m and ${enough})`,
    ]);
  });

  test('has its times, and none where they are zero', () => {
    const [usual, quick] = alerts(errors, { ...errors, name: 'Quick', for: 0, keepFiringFor: '0s' });
    expect(usual).toMatchObject({ for: '5m', keep_firing_for: '2m' });
    expect(Object.keys(quick ?? {})).toEqual(['alert', 'expr', 'labels', 'annotations']);
    expect(alerts({ ...errors, for: 90.5 })[0]).toMatchObject({ for: '90500ms' });
  });

  test('is labelled as the engine labels it, and what people wrote is no template', () => {
    const [rule] = alerts({ ...errors, action: 'see {{ $x }} first', owner: 'a{{b', runbook: 'https://runbooks/{{' });
    expect(rule?.labels).toEqual({
      severity: 'warning',
      signal: 'errors.ratio',
      service: '{{ $labels.job }}',
      owner: 'a{{ "{{" }}b',
    });
    expect(rule?.annotations).toEqual({
      summary: 'errors.ratio is {{ $value | humanizePercentage }}; it fires above 0.05',
      action: 'see {{ "{{" }} $x }} first',
      runbook_url: 'https://runbooks/{{ "{{" }}',
    });
  });

  test('of one process is told by its instance, and is not held for longer than the process is there', () => {
    const [rule] = alerts({ ...base, name: 'Full', signal: 'saturation', fireAbove: 0.9 });
    expect(rule?.expr).toContain('max by (job, instance) (ALERTS');
    expect(rule?.expr).toContain('* NaN and on (job, instance) process_uptime_seconds unless');
  });

  test('of one template has all of its methods, of one method that alone', () => {
    const of = (signal: AlertRule['signal']): string => alerts({ ...errors, signal })[0]?.expr.split(' ')[0] ?? '';
    expect(of('route.errors.ratio:/carts/:user')).toBe('(route:errors_ratio:1m{http_route="/carts/:user"}');
    expect(of('route.errors.ratio:GET /carts/:user')).toBe(
      '(route:errors_ratio:1m{http_request_method="GET",http_route="/carts/:user"}',
    );
    expect(of('route.errors.ratio:*')).toBe('(route:errors_ratio:1m');
  });

  test('shares what is recorded with others on the same signal and window', () => {
    const { file } = prometheusRules({
      rules: settled(errors, { ...errors, name: 'Worse', fireAbove: 0.2 }, { ...errors, name: 'Long', window: '5m' }),
    });
    const records = file.groups.flatMap(({ rules }) =>
      rules.flatMap((rule) => ('record' in rule ? [rule.record] : [])),
    );
    expect(records).toEqual([
      'service:errors_ratio:1m',
      'service:requests:1m',
      'service:errors_ratio:5m',
      'service:requests:5m',
    ]);
  });

  test('keeps its expression on its lines in the file', () => {
    const text = fileText(prometheusRules({ rules: settled(errors) }).file, 'one\ntwo');
    expect(text).toMatch(/^# one\n# two\ngroups:\n/);
    expect(text).toContain(
      'expr: |-\n          (service:errors_ratio:1m > 0.05 and service:requests:1m >= 100)\n          or\n',
    );
  });
});

describe('an objective in Prometheus', () => {
  const objective: Objective = { name: 'availability', objective: 0.999, action: 'roll back the last release' };
  const records = (one: Objective): string[] => {
    const { file } = prometheusRules({ rules: [], objectives: [one] });
    return file.groups.flatMap(({ rules }) => rules.flatMap((rule) => ('record' in rule ? [rule.record] : [])));
  };

  test('has a burn rate for each pair, the worst of each severity, and what is left', () => {
    expect(records(objective)).toEqual([
      ...['objective:bad:rate1m', 'objective:all:rate1m'],
      ...['1h', '6h', '1d', '3d', 'critical', 'warning'].map((of) => `objective:burn:${of}`),
      'objective:budget_left',
    ]);
  });

  test('has no pair that could never fire', () => {
    expect(records({ ...objective, objective: 0.9 })).not.toContain('objective:burn:1h');
  });

  test('reads the whole period seldom', () => {
    const { file } = prometheusRules({ rules: settled(errors), objectives: [objective], service: 'shop' });
    expect(file.groups.map(({ name, interval }) => `${name} ${interval}`)).toEqual([
      'fourlights shop 10s',
      'fourlights shop objectives 10s',
      'fourlights shop budgets 5m',
    ]);
  });

  test('on counters that nobody has declared is left out', () => {
    const { leftOut } = prometheusRules({
      rules: [],
      objectives: [{ ...objective, sli: { of: 'counters', bad: 'a', total: 'b' } }],
    });
    expect(leftOut[0]?.reason).toMatch(/^no counters "a" and "b" are declared/);
  });
});

describe('the values of a generated test', () => {
  const valuesOf = (rule: AlertRule): unknown => settled(rule).map(levels)[0];

  test('stay within what a share can be', () => {
    expect(valuesOf({ ...errors, fireAbove: 0.99, resolveBelow: 0.2 })).toEqual({
      beyond: expect.closeTo(0.995),
      band: expect.closeTo(0.595),
      clear: expect.closeTo(0.1),
    });
  });

  test('have no band where there is none', () => {
    expect(valuesOf({ ...base, name: 'Lost', signal: 'telemetry.loss', fireAbove: 0 })).toEqual({
      ...{ beyond: 0.01, band: undefined, clear: 0 },
    });
  });

  test('are not there for a rule that can never fire, which has no test', () => {
    const never = { ...errors, fireAbove: 1, resolveBelow: 0.5 };
    expect(valuesOf(never)).toBeUndefined();
    expect(valuesOf({ ...base, name: 'Below', signal: 'dependency.hitRatio', fireBelow: 0 })).toBeUndefined();
    const made = prometheusRules({ rules: settled(never) });
    expect(prometheusTests(made, {}, 'rules.yml').tests).toEqual([]);
  });
});

test('a warning is muted by a critical one on the same signal and by those it names, and by no other', () => {
  const rules = settled(
    errors,
    { ...errors, name: 'Worse', severity: 'critical', fireAbove: 0.2 },
    { ...errors, name: 'OfRoute', signal: 'route.errors.ratio', inhibitedBy: ['Errors'] },
    { ...errors, name: 'Other', signal: 'latency.p99' },
  );
  const muted = inhibitions(prometheusRules({ rules })).inhibit_rules;
  expect(muted.map(({ source_matchers, target_matchers }) => `${source_matchers} ${target_matchers}`)).toEqual([
    'alertname="Worse" alertname="Errors"',
    'alertname="Errors" alertname="OfRoute"',
  ]);
  expect(muted.map(({ equal }) => equal)).toEqual([['service'], ['service']]);
});
