import { describe, expect, test } from 'vitest';
import { dashboard } from '../../src/alerts/generate/grafana.js';
import { RATE_INTERVAL } from '../../src/alerts/generate/panels.js';
import { fileText, prometheusRules } from '../../src/alerts/generate/prometheus.js';
import { prometheusTests } from '../../src/alerts/generate/prometheus-test.js';
import { lint } from '../../src/alerts/lint/lint.js';
import type { Objective } from '../../src/alerts/objective.js';
import type { SettledRule } from '../../src/alerts/rule.js';
import { yamlText } from '../../src/core/yaml.js';
import { everyObjective, everySignal, someBusiness } from '../alerts/generate/every-signal.js';
import { expressionsOf } from '../alerts/generate/panel-expressions.js';
import { checkRules, hasPromtool, testRules } from './promtool.js';

const rules = everySignal();
/** In Prometheus a service may be called anything. */
const scope = { service: 'check "out"', serviceLabel: 'app', instanceLabel: 'pod' };

function files(some: readonly SettledRule[], objectives: readonly Objective[] = []): { rules: string; tests: string } {
  const made = prometheusRules({ ...scope, rules: some, objectives, business: someBusiness });
  return {
    rules: fileText(made.file, 'a test\nof two lines'),
    tests: fileText(prometheusTests(made, scope, 'rules.yml'), 'its test'),
  };
}

/** Each test evaluates all rules of its file: small files are quick. */
function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

describe.skipIf(!hasPromtool)("promtool (skipped without Debian's package `prometheus`)", () => {
  test('accepts the file of all rules and objectives at once, for one service and for all', () => {
    for (const of of [scope, {}]) {
      const { file } = prometheusRules({ ...of, rules, objectives: everyObjective, business: someBusiness });
      const { ok, text } = checkRules(fileText(file, 'all'));
      expect(text).toMatch(/SUCCESS: \d{2,} rules found/);
      expect(ok).toBe(true);
    }
  });

  test.each(chunks(rules, 8).map((some) => [some.map(({ name }) => name).join(' '), some] as const))(
    'sees fire, hold, resolve and be silent: %s',
    (_names, some) => {
      const { rules: file, tests } = files(some);
      expect(testRules(file, tests)).toMatchObject({ ok: true, text: expect.stringContaining('SUCCESS') });
    },
  );

  test.each(everyObjective.map((one) => [one.name, one] as const))('sees the budget burn: %s', (_name, objective) => {
    const { rules: file, tests } = files([], [objective]);
    expect(testRules(file, tests)).toMatchObject({ ok: true, text: expect.stringContaining('SUCCESS') });
  });

  test('is not led astray by what people write', () => {
    const text = 'a "b" \\\\ {{ $c }} $1 {d} é \\n';
    const odd = lint(
      (['keep', 'fire'] as const).map((noData) => ({
        ...{ name: `Odd_${noData}`, severity: 'warning', signal: `route.errors.ratio:GET /${text}`, fireAbove: 0.5 },
        ...{ action: text.repeat(2), owner: text, runbook: text, noData },
      })),
    );
    expect(odd.rules).toHaveLength(2);
    const { rules: file, tests } = files(odd.rules, [
      { ...everyObjective[0], name: 'odd', objective: 0.99, action: text },
    ]);
    expect(checkRules(file)).toMatchObject({ ok: true });
    expect(testRules(file, tests)).toMatchObject({ ok: true });
  });

  test.each([
    ['a threshold that fires too early', '> 0.9', '> 0.84'],
    ['a threshold that resolves too early', '> 0.8', '> 0.87'],
    ['an alert that latches while it is pending', ',alertstate="firing"}', '}'],
    ['an alert that waits too long', 'for: 5m', 'for: 6m'],
    ['an alert that does not wait', 'for: 5m', 'for: 4m'],
    ['an alert that resolves at once', 'keep_firing_for: 2m', 'keep_firing_for: 1m'],
    ['an alert that never lets go', 'keep_firing_for: 2m', 'keep_firing_for: 4m'],
  ])('the generated test refuses %s', (_what, right, wrong) => {
    const { rules: file, tests } = files(rules.filter(({ name }) => name === 'SaturationHigh'));
    expect(file).toContain(right);
    expect(testRules(file.replaceAll(right, wrong), tests).ok).toBe(false);
  });

  test.each([
    ['burns too early', '/ 0.0144 ', '/ 0.0001 '],
    ['burns too late', '/ 0.0144 ', '/ 0.9 '],
    ['has no guard against a few requests', '>= 300', '>= 0'],
  ])('the generated test refuses an objective that %s', (_what, right, wrong) => {
    const { rules: file, tests } = files([], everyObjective.slice(0, 1));
    expect(file).toContain(right);
    expect(testRules(file.replaceAll(right, wrong), tests).ok).toBe(false);
  });

  test("accepts every panel's expression, and would not accept a wrong one", () => {
    const asRules = (expressions: readonly string[]): string =>
      yamlText({
        groups: [{ name: 'panels', rules: expressions.map((expr, index) => ({ record: `panel:${index}`, expr })) }],
      });
    const all = expressionsOf(dashboard({ serviceLabel: 'app', rules })).map(([, expr]) =>
      expr.replaceAll(RATE_INTERVAL, '5m'),
    );
    expect(all.length).toBeGreaterThan(25);
    expect(checkRules(asRules(all))).toMatchObject({ ok: true, text: expect.stringContaining(`${all.length} rules`) });
    expect(checkRules(asRules([...all, 'sum by (job (up)'])).ok).toBe(false);
  });
});
