import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { fileText, prometheusRules } from '../../../src/alerts/generate/prometheus.js';
import { findingText, lint } from '../../../src/alerts/lint/lint.js';
import type { Objective } from '../../../src/alerts/objective.js';
import { objectiveFindings } from '../../../src/alerts/slo/check.js';
import { yamlText } from '../../../src/core/yaml.js';
import { analysisTemplate } from '../../../src/verdict/generate/argo.js';
import { canaryAnalysis, metricTemplate } from '../../../src/verdict/generate/flagger.js';
import { HostileJson, polluted } from '../../support/hostile-json.js';
import { Mutator } from '../../support/mutator.js';
import { random } from '../../support/random.js';
import type { Json } from '../../support/random-rules.js';
import { cases, tried } from './budget.js';

const action = 'roll back the last release';
const RULES: readonly Json[] = [
  {
    name: 'A',
    severity: 'critical',
    signal: 'errors.ratio',
    fireAbove: 0.05,
    window: '1m',
    for: '5m',
    action,
    runbook: 'https://x/',
  },
  {
    name: 'B',
    severity: 'warning',
    signal: 'route.latency.p99:GET /a',
    fireAbove: 1.5,
    action,
    inhibitedBy: ['A'],
    owner: 'team',
  },
  { name: 'C', severity: 'info', signal: 'dependency.hitRatio', fireBelow: 0.8, action },
];
const OBJECTIVE: Json = {
  name: 'avail',
  objective: 0.999,
  period: '30d',
  action,
  owner: 'team',
  runbook: 'https://x/',
};
const NAMES = ['name', 'severity', 'signal', 'fireAbove', 'window', 'for', 'action', 'kind', 'objective', 'owner'];
const VALUES: readonly Json[] = [
  'errors.ratio',
  'latency.p99',
  '5m',
  0.5,
  'business.x',
  ': - #',
  '{{ $labels }}',
  '&a *a',
  '!!js',
];

test('rules and objectives of any kind are taken or told in few words, and their file in YAML says what they say', () => {
  const hostile = new HostileJson(random(109), NAMES, VALUES);
  const mutator = new Mutator(113, ['checkout', 'a: b', '- x', '{{ .x }}', '"']);
  const count = cases({ short: 400, long: 20_000 });
  let written = 0;
  for (let run = 0; run < count; run++) {
    const given = hostile.below(10) === 0 ? [hostile.value()] : RULES.map((rule) => hostile.spoilt(rule));
    const objective = hostile.spoilt(OBJECTIVE);
    const { rules, findings } = lint(given);
    const wrong = objectiveFindings(objective);
    const objectives = wrong.some(({ level }) => level === 'error') ? [] : [objective as unknown as Objective];
    const longest = Math.max(0, ...[...findings, ...wrong].map((finding) => findingText(finding).length));
    if (longest > 20_000) expect.fail(`${longest} characters of ${JSON.stringify(given).slice(0, 1000)}`);
    const service = mutator.below(3) === 0 ? undefined : mutator.text();
    const { file } = prometheusRules({ rules, objectives, service, serviceLabel: 'job' });
    const note = mutator.text();
    const read: unknown = parse(fileText(file, note));
    written += file.groups.length;
    if (JSON.stringify(read) !== JSON.stringify(file)) expect.fail(fileText(file, note).slice(0, 2000));
  }
  expect(written).toBeGreaterThan(count / 2);
  expect(polluted()).toBe(false);
  tried('alert rules and objectives of any kind', 'taken or told in few words; YAML that says the same', count);
});

test('templates of any names and addresses are YAML that says the same', () => {
  const mutator = new Mutator(127, ['fourlights', 'http://x:9090/?a=b', ': - #', '{{ args }}', '|', "'", '%']);
  const count = cases({ short: 400, long: 10_000 });
  for (let run = 0; run < count; run++) {
    const [name, url, prometheus] = [mutator.text(), mutator.text(), mutator.text()];
    for (const made of [
      analysisTemplate({ name, url, prometheus }),
      metricTemplate({ name, prometheus }),
      canaryAnalysis({ name }, { url }),
    ]) {
      if (JSON.stringify(parse(yamlText(made))) !== JSON.stringify(made)) expect.fail(yamlText(made));
    }
  }
  tried('templates for Argo and Flagger', 'YAML that says the same', count);
});
