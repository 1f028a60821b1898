import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { defaultRules } from '../../src/alerts/defaults.js';
import { fourlights, inFolder } from './process.js';

const RULE = `{ name: 'SlowCarts', severity: 'warning', signal: 'route.latency.p99:GET /carts/:user', fireAbove: 0.5,
  action: 'look at the database' }`;
const SLO = `{ name: 'availability', objective: 0.999, action: 'roll back the last release' }`;

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
}

function rulesOf(text: string): Rule[] {
  const { groups } = parse(text) as { groups: { rules: Rule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

const alertsOf = (text: string): string[] => rulesOf(text).flatMap(({ alert }) => alert ?? []);

describe('fourlights rules', () => {
  test('writes the rules of the library on standard output', () => {
    const { code, stdout, stderr } = fourlights(['rules']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(alertsOf(stdout)).toEqual(defaultRules.map(({ name }) => name));
    expect(stdout).toMatch(/^# Written by fourlights /);
  });

  test.each([
    ['an ES module', 'alerts.mjs', `export const mine = [${RULE}]; export const objective = ${SLO};`],
    ['a default export', 'alerts.mjs', `export default [${RULE}, ${SLO}];`],
    ['CommonJS', 'alerts.cjs', `module.exports = { rules: [${RULE}], objectives: [${SLO}] };`],
    ['CommonJS, a list', 'alerts.cjs', `module.exports = [${RULE}, ${SLO}];`],
  ])('takes rules and objectives from %s', (_what, name, text) => {
    inFolder({ [name]: text }, (folder) => {
      const args = ['rules', '--from', name, '--no-defaults', '--out', 'rules.yml', '--service', 'checkout'];
      expect(fourlights(args, folder)).toEqual({ code: 0, stdout: '', stderr: '' });
      const written = readFileSync(join(folder, 'rules.yml'), 'utf8');
      expect(alertsOf(written)).toEqual(['SlowCarts', 'availability_fast_burn', 'availability_slow_burn']);
      for (const { expr } of rulesOf(written)) expect(expr).toContain('{job="checkout"');
    });
  });

  test('a rule of the same name takes the place of one of the library', () => {
    const text = `export default { name: 'HighErrorRatio', severity: 'critical', signal: 'errors.ratio', fireAbove: 0.123,
      action: 'roll back the last release' };`;
    inFolder({ 'alerts.mjs': text }, (folder) => {
      const { stdout } = fourlights(['rules', '--from', 'alerts.mjs'], folder);
      const named = rulesOf(stdout).filter(({ alert }) => alert === 'HighErrorRatio');
      expect(named.map(({ expr }) => expr.includes('> 0.123'))).toEqual([true]);
    });
  });

  test('one wrong rule is told with what to write instead, and the others are written', () => {
    const wrong = `{ name: 'Cpu', severity: 'critical', signal: 'saturation:cpu', fireAbove: 0.9, action: 'look at the cpu' }`;
    inFolder({ 'alerts.mjs': `export default [${wrong}, ${RULE}];` }, (folder) => {
      const { code, stdout, stderr } = fourlights(['rules', '--from', 'alerts.mjs', '--no-defaults'], folder);
      expect(code).toBe(1);
      expect(alertsOf(stdout)).toEqual(['SlowCarts']);
      expect(stderr).toMatch(/^fourlights: Cpu: error: a cause wakes nobody up: write severity: 'warning'/);
    });
  });

  test('a metric that nobody has declared is told and left out', () => {
    const variant = `{ name: 'V', severity: 'warning', signal: 'business:unheard.of', fireAbove: 0.1, action: 'turn the flag off' }`;
    inFolder({ 'alerts.mjs': `export default [${variant}, ${RULE}];` }, (folder) => {
      const { code, stdout, stderr } = fourlights(['rules', '--from', 'alerts.mjs', '--no-defaults'], folder);
      expect(code).toBe(1);
      expect(alertsOf(stdout)).toEqual(['SlowCarts']);
      expect(stderr).toBe(
        'fourlights: V: left out: no metric "unheard.of" is declared: import the file that declares it where the rules are\n',
      );
    });
  });

  test('the test file finds the rule file from where it is, and the mutes are written beside', () => {
    const two = `export default [${RULE}, { ...${RULE}, name: 'VerySlowCarts', severity: 'critical', fireAbove: 2 }];`;
    inFolder({ 'alerts.mjs': two, 'tests/.keep': '' }, (folder) => {
      const args = ['--no-defaults', '--out', 'rules.yml', '--tests', 'tests/rules.yml', '--inhibit', 'inhibit.yml'];
      expect(fourlights(['rules', '--from', 'alerts.mjs', ...args], folder).code).toBe(0);
      const read = (name: string): unknown => parse(readFileSync(join(folder, name), 'utf8'));
      expect(read('tests/rules.yml')).toMatchObject({ rule_files: ['../rules.yml'], tests: [{}, {}] });
      expect(read('inhibit.yml')).toEqual({
        inhibit_rules: [
          {
            source_matchers: ['alertname="VerySlowCarts"'],
            target_matchers: ['alertname="SlowCarts"'],
            equal: ['service', 'http_request_method', 'http_route'],
          },
        ],
      });
    });
  });

  test.each([
    ['is not there', {}, 65, 'alerts.mjs does not exist'],
    ['cannot be parsed', { 'alerts.mjs': 'export const = ' }, 65, 'alerts.mjs cannot be loaded: '],
    ['throws', { 'alerts.mjs': "throw new Error('no database')" }, 65, 'alerts.mjs cannot be loaded: no database'],
    ['throws what is no error', { 'alerts.mjs': 'throw null' }, 65, 'alerts.mjs cannot be loaded: null'],
    ['exports nothing', { 'alerts.mjs': 'export {}' }, 65, 'alerts.mjs exports no rules'],
    [
      'exports no object',
      { 'alerts.mjs': 'export const a = 1; export default () => {}' },
      65,
      'alerts.mjs exports no rules',
    ],
  ])('a file that %s ends it', (_what, files, exit, message) => {
    inFolder(files, (folder) => {
      const { code, stdout, stderr } = fourlights(['rules', '--from', 'alerts.mjs'], folder);
      expect(stderr).toContain(`fourlights: ${message}`);
      expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
    });
  });

  test('a folder that is not there cannot be written to', () => {
    inFolder({}, (folder) => {
      const { code, stderr } = fourlights(['rules', '--out', 'no/where.yml'], folder);
      expect(code).toBe(74);
      expect(stderr).toContain('fourlights: no/where.yml cannot be written: ENOENT');
    });
  });

  test('a file that starts what never ends does not keep it', () => {
    inFolder({ 'alerts.mjs': `setInterval(() => {}, 1000); export default [${RULE}];` }, (folder) => {
      expect(fourlights(['rules', '--from', 'alerts.mjs'], folder).code).toBe(0);
    });
  });
});

describe('fourlights rules check', () => {
  const average = `{ name: 'Mean', severity: 'warning', signal: 'latency.mean', fireAbove: 0.5, action: 'look at the database' }`;

  test('good rules pass', () => {
    inFolder({ 'alerts.mjs': `export default [${RULE}, ${SLO}];` }, (folder) => {
      const ended = fourlights(['rules', 'check', 'alerts.mjs'], folder);
      expect(ended).toEqual({ code: 0, stdout: '2 can run; 0 faults\n', stderr: '' });
    });
  });

  test('a warning is told and passes, unless it is strict', () => {
    inFolder({ 'alerts.mjs': `export default [${average}];` }, (folder) => {
      const { code, stdout } = fourlights(['rules', 'check', 'alerts.mjs'], folder);
      expect(stdout).toContain("Mean: warning: an average hides the slow ones: write signal: 'latency.p99' [average]");
      expect(code).toBe(0);
      expect(fourlights(['rules', 'check', 'alerts.mjs', '--strict'], folder).code).toBe(1);
    });
  });

  test('of two objectives with one name the first is used, and the other is told', () => {
    inFolder({ 'alerts.mjs': `export default [${SLO}, { ...${SLO}, objective: 0.99 }];` }, (folder) => {
      const { code, stdout } = fourlights(['rules', 'check', 'alerts.mjs'], folder);
      expect(stdout).toContain('availability: error: another objective has the name "availability"');
      expect(stdout).toContain('1 can run; 1 faults');
      expect(code).toBe(1);
      const { stdout: written } = fourlights(['rules', '--from', 'alerts.mjs', '--no-defaults'], folder);
      expect(alertsOf(written)).toEqual(['availability_fast_burn', 'availability_slow_burn']);
      expect(written).toContain('/ 0.0144 ');
    });
  });

  test('faults of rules and objectives are told, for people and for machines', () => {
    const text = `export default [{ ...${RULE}, action: 'x' }, { ...${SLO}, objective: 99.9 }, 7, null];`;
    inFolder({ 'alerts.mjs': text }, (folder) => {
      const { code, stdout } = fourlights(['rules', 'check', '--json', 'alerts.mjs'], folder);
      const { rules, findings } = JSON.parse(stdout) as { rules: number; findings: { rule: string; code: string }[] };
      expect(code).toBe(1);
      expect(rules).toBe(0);
      expect(findings.map((one) => `${one.rule} ${one.code}`)).toEqual([
        'SlowCarts action',
        'rule 2 rule',
        'rule 3 rule',
        'availability objective',
      ]);
    });
  });
});

describe('fourlights rules flag', () => {
  const DOCUMENT = `{ "flags": { "new_checkout": { "state": "ENABLED", "variants": { "on": true, "off": false }, "defaultVariant": "off" },
    "broken": { "state": "ON" } } }`;
  const run = (...args: string[]) =>
    inFolder({ 'flags.json': DOCUMENT, 'none.json': '[' }, (folder) => fourlights(['rules', 'flag', ...args], folder));

  test('takes a flag and a control that the document has', () => {
    const named = ['--flag', 'new_checkout', '--control', 'off'];
    const { code, stdout, stderr } = run(...named, '--flags', 'flags.json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(run(...named).stdout);
    expect(alertsOf(stdout)).toEqual(['FlagVariantWorse']);
  });

  test.each([
    [
      ['--flag', 'new_checkout', '--control', 'of', '--flags', 'flags.json'],
      64,
      '--control: "new_checkout" in flags.json has no variant "of"; known: on, off',
    ],
    [
      ['--flag', 'new_chekout', '--control', 'off', '--flags', 'flags.json'],
      64,
      '--flag: flags.json has no flag "new_chekout" (did you mean "new_checkout"?); known: new_checkout, broken',
    ],
    [['--flag', 'broken', '--control', 'off', '--flags', 'flags.json'], 65, 'the flag "broken" cannot be read'],
    [['--flag', 'a', '--control', 'off', '--flags', 'none.json'], 65, 'none.json: it is no JSON'],
  ])('refuses %j', (args, expected, message) => {
    const { code, stdout, stderr } = run(...args);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).toContain(message);
  });
});
