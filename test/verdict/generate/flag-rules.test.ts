import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { rulesFlag } from '../../../src/cli/commands/rules-flag.js';
import { main } from '../../../src/cli/main.js';
import { flagRules } from '../../../src/verdict/generate/flag-rules.js';
import { exposed } from '../../alerts/generate/exposed.js';
import { mentioned } from '../../alerts/generate/promql-names.js';

const folder = mkdtempSync(join(tmpdir(), 'fourlights-flag-rules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function written(...words: string[]): Promise<{ code: number; text: string }> {
  let text = '';
  const take = (piece: string): void => {
    text += piece;
  };
  const terminal = { out: take, err: take, flushed: async () => {} };
  const code = await main(['rules', 'flag', ...words], { 'rules flag': rulesFlag }, terminal);
  return { code, text };
}

test('every name in the rules of a flag is exposed or recorded', async () => {
  const { names, labels } = await exposed();
  const all = flagRules({ flag: 'checkout', control: 'off' }).groups.flatMap(({ rules }) => rules);
  const recorded = all.flatMap((rule) => ('record' in rule ? [rule.record] : []));
  for (const { expr } of all) {
    const { series, labels: used } = mentioned(expr.replaceAll(/group_left \(\)/g, ''));
    expect(series.length).toBeGreaterThan(0);
    expect(series.filter((name) => !names.has(name) && !recorded.includes(name))).toEqual([]);
    expect(used.filter((label) => !labels.has(label) && label !== 'job')).toEqual([]);
  }
});

describe('fourlights rules flag', () => {
  test('writes rules, and a test that finds them', async () => {
    const [out, tests] = [join(folder, 'flag.yml'), join(folder, 'flag.test.yml')];
    const words = ['--flag', 'new_checkout', '--control', 'off', '--service', 'shop', '--window', '600s'];
    expect(await written(...words, '--out', out, '--tests', tests)).toEqual({ code: 0, text: '' });
    const { groups } = parse(readFileSync(out, 'utf8'));
    expect(groups[0].rules[0]).toEqual({
      record: 'flag:requests:10m',
      expr: 'sum by (job, feature_flag_key, feature_flag_result_variant) (increase(feature_flag_exposures_total{job="shop",feature_flag_key="new_checkout",outcome!="aborted"}[10m]))',
    });
    expect(groups[0].rules.at(-1)).toMatchObject({ alert: 'FlagVariantWorse', labels: { severity: 'critical' } });
    expect(parse(readFileSync(tests, 'utf8'))).toMatchObject({ rule_files: ['flag.yml'] });
  });

  test.each([
    [['--flag', 'a'], '--control'],
    [['--flag', 'a', '--control', 'off', '--window', 'soon'], '--window must be seconds, or a time'],
    [['--flag', 'a', '--control', 'off', '--window', '10s'], '1m or more, got "10s"'],
    [['--flag', 'a', '--control', 'off', '--tests', 't.yml'], '--tests needs --out'],
  ])('refuses %j', async (words, message) => {
    const { code, text } = await written(...words);
    expect(code).toBe(64);
    expect(text).toContain(message);
  });
});
