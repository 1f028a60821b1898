import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { rulesArgo } from '../../../src/cli/commands/rules-argo.js';
import { rulesFlagger } from '../../../src/cli/commands/rules-flagger.js';
import { main } from '../../../src/cli/main.js';
import { yamlText } from '../../../src/core/yaml.js';
import { present, validatorOf } from './closed-schema.js';

const folder = mkdtempSync(join(tmpdir(), 'fourlights-generate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function written(...words: string[]): Promise<{ code: number; text: string }> {
  let text = '';
  const take = (piece: string): void => {
    text += piece;
  };
  const commands = { 'rules argo': rulesArgo, 'rules flagger': rulesFlagger };
  const code = await main(['rules', ...words], commands, { out: take, err: take, flushed: async () => {} });
  return { code, text };
}

const PROMETHEUS = 'http://prometheus:9090';
const argo = async (...words: string[]) => parse((await written('argo', ...words)).text);
const flagger = async () =>
  written('flagger', '--prometheus', PROMETHEUS, '--url', 'http://checkout:9464/verdict?flag=new_checkout');

/** What stands in the comment, in a Canary that has all else that it needs. */
async function canary(): Promise<unknown> {
  const comment = (await flagger()).text.split('\n').filter((line) => line.startsWith('# '));
  const { analysis } = parse(
    comment
      .slice(2)
      .map((line) => line.slice(2))
      .join('\n'),
  );
  return {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'Canary',
    metadata: { name: 'checkout' },
    spec: {
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'checkout' },
      service: { port: 80 },
      analysis: { interval: '30s', threshold: 5, stepWeights: [5, 25], ...analysis },
    },
  };
}

/** With what the controller puts in the place of its arguments. */
function filled(query: string): string {
  return query.replaceAll(/\{\{ ?(args\.)?(\w+) ?\}\}/g, '$2');
}

describe.skipIf(!present)(
  'by the definitions of the controllers, with no key that they do not have, are right:',
  () => {
    test("Argo's template that asks /verdict, Prometheus, or both", async () => {
      const validate = validatorOf('argo-analysistemplate.yaml', 'AnalysisTemplate');
      for (const words of [
        ['--url', 'http://a/verdict'],
        ['--prometheus', PROMETHEUS],
        ['--url', 'http://a/verdict', '--prometheus', PROMETHEUS],
      ]) {
        validate(await argo(...words));
        expect(validate.errors).toBeNull();
      }
    });

    test("Flagger's template, and a Canary with the analysis of the comment", async () => {
      const template = validatorOf('flagger.yaml', 'MetricTemplate');
      template(parse((await flagger()).text));
      expect(template.errors).toBeNull();
      const validate = validatorOf('flagger.yaml', 'Canary');
      validate(await canary());
      expect(validate.errors).toBeNull();
    });

    test.each([
      ['a misspelt key of a metric', 'failureCondition:', 'failureConditon:'],
      ['a misspelt key of the provider', 'jsonPath:', 'jsonpath:'],
      ['a key on the wrong floor', 'kind:', 'interval: 30s\nkind:'],
      ['a number in the place of a text', 'interval: 30s', 'interval: {}'],
    ])('and wrong is %s', async (_name, right, wrong) => {
      const validate = validatorOf('argo-analysistemplate.yaml', 'AnalysisTemplate');
      const text = yamlText(await argo('--url', 'http://a/verdict'));
      expect(text).toContain(right);
      expect(validate(parse(text.replace(right, wrong)))).toBe(false);
    });

    test.each([
      ['templateRef:', 'templateref:'],
      ['thresholdRange:', 'threshold_range:'],
      ['type: confirm-promotion', 'type: confirm-promotions'],
    ])("and wrong is in Flagger's Canary %s as %s", async (right, wrong) => {
      const validate = validatorOf('flagger.yaml', 'Canary');
      const text = yamlText(await canary());
      expect(text).toContain(right);
      expect(validate(parse(text.replace(right, wrong)))).toBe(false);
    });
  },
);

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

test.skipIf(!hasPromtool)("promtool takes the queries (skipped without Debian's package `prometheus`)", async () => {
  const [metric] = (await argo('--prometheus', PROMETHEUS)).spec.metrics;
  const { spec } = parse((await flagger()).text);
  const rules = [metric.provider.prometheus.query, spec.query].map((query, i) => ({
    record: `evidence_${i}`,
    expr: filled(query),
  }));
  const file = join(folder, 'rules.yml');
  writeFileSync(file, yamlText({ groups: [{ name: 'a', rules }] }));
  expect(spawnSync('promtool', ['check', 'rules', file], { encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  });
});

test('a template that asks nobody is not written', async () => {
  const { code, text } = await written('argo');
  expect(code).toBe(64);
  expect(text).toContain('expected --url, --prometheus or both');
});

test('a candidate of which nothing is ever known does not end as a success, which a reached count is for Argo', async () => {
  const { metrics } = (await argo('--url', 'http://a/verdict', '--prometheus', PROMETHEUS)).spec;
  for (const { count, inconclusiveLimit } of metrics) expect(inconclusiveLimit).toBeLessThan(count);
});
