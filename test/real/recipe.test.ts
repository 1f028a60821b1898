import { describe, expect, test } from 'vitest';
import { yamlText } from '../../src/core/yaml.js';
import { snippetsOf } from '../docs/documents.js';
import { checkConfig, checkRules, hasPromtool } from './promtool.js';

const snippets = snippetsOf('docs/recipes/prometheus-and-grafana.md');
const codeOf = (language: string): string => snippets.find((snippet) => snippet.language === language)?.code ?? '';

describe.skipIf(!hasPromtool)("the recipe for Prometheus (skipped without Debian's package `prometheus`)", () => {
  test('has a configuration that Prometheus takes', () => {
    const files = { 'shop-admin-token': 'x', 'rules.yml': yamlText({ groups: [] }) };
    const { ok, text } = checkConfig(codeOf('yaml'), files);
    expect(text).toContain('SUCCESS');
    expect(ok).toBe(true);
  });

  test('has queries that Prometheus understands', () => {
    const queries = codeOf('promql').trim().split('\n');
    const rules = queries.map((expr, i) => ({ record: `query_${i}`, expr }));
    expect(rules.length).toBeGreaterThan(2);
    expect(checkRules(yamlText({ groups: [{ name: 'recipe', rules }] }))).toMatchObject({ ok: true });
  });
});
