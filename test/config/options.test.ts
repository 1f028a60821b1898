import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { type Branch, isRule } from '../../src/config/rule.js';
import { schema } from '../../src/config/rules.js';
import { rolloutWriters } from '../../src/index.js';
import { memory } from '../../src/rollouts/stores/memory.js';
import { problemsOf } from '../support/options.js';
import { metricCases } from './metric-cases.js';
import { type Cases, traceCases } from './trace-cases.js';

/** The option at that path, and what surrounds it. */
function nested(path: string, value: unknown): unknown {
  return path.split('.').reduceRight((inner: unknown, key) => ({ [key]: inner }), value);
}

const probe = { name: 'p', sample: () => undefined };

/** Per option: values that are right, and values that are wrong with how they are shown. */
const cases: Record<string, Cases> = {
  service: {
    right: ['shop'],
    wrong: [
      ['', '""'],
      ['  ', '"  "'],
      [7, '7'],
      [null, 'null'],
    ],
  },
  version: { right: ['1.2.3'], wrong: [[2, '2']] },
  environment: { right: ['prod'], wrong: [[['prod'], '["prod"]']] },
  'http.auto': {
    right: [true, false],
    wrong: [
      ['true', '"true"'],
      [1, '1'],
    ],
  },
  'http.ignore': {
    right: [[], ['/livez', '/a/*'], () => true],
    wrong: [
      ['/livez', '"/livez"'],
      [['livez'], '["livez"]'],
      [[7], '[7]'],
    ],
  },
  'http.correlationHeaders': {
    right: [['X-Tenant-ID'], ['a', 'b']],
    wrong: [
      [[], '[]'],
      ['x-id', '"x-id"'],
      [['x id'], '["x id"]'],
      [['x\n'], '["x\\n"]'],
      [['é'], '["é"]'],
    ],
  },
  'http.propagateTo': {
    right: [[], ['api'], [/a/], ['api', /b/], () => true],
    wrong: [
      ['api', '"api"'],
      [[7], '[7]'],
      [[''], '[""]'],
      [true, 'true'],
    ],
  },
  'http.route': { right: [() => '/a'], wrong: [['/a', '"/a"']] },
  'http.trust': {
    right: ['continue', 'link', 'full', () => 'link'],
    wrong: [
      ['ignore', '"ignore"'],
      [true, 'true'],
    ],
  },
  ...traceCases,
  ...metricCases,
  'alerts.defaults': { right: [true, false], wrong: [['no', '"no"']] },
  'alerts.rules': { right: [[], [{}]], wrong: [[['a'], '["a"]']] },
  'alerts.objectives': { right: [[], [{}]], wrong: [[{}, '{}']] },
  'alerts.sinks': {
    right: [['log'], ['webhook:http://a', () => {}], [{ to: 'slack', url: 'https://a' }]],
    wrong: [
      [['email'], '["email"]'],
      ['log', '"log"'],
    ],
  },
  'http.targetingKey': { right: [() => 'u-1'], wrong: [['user', '"user"']] },
  'flags.source': {
    right: ['./flags.json', 'https://flags.example/all', [], ['a.json', { start: () => {} }]],
    wrong: [
      ['', '""'],
      [{}, '{}'],
      [[7], '[7]'],
    ],
  },
  'flags.backup': { right: ['flags-backup.json'], wrong: [[true, 'true']] },
  'flags.context': { right: [{ region: 'eu' }, () => ({})], wrong: [['eu', '"eu"']] },
  'flags.allowMassRemoval': { right: [true], wrong: [['yes', '"yes"']] },
  'flags.strict': { right: [false], wrong: [[0, '0']] },
  'http.readOnly': { right: [true], wrong: [['yes', '"yes"']] },
  'http.limit': {
    right: [true, false, {}, { start: 50, most: 200 }, { tolerance: 2 }],
    wrong: [
      [20, '20'],
      [{ least: 30 }, '{"least":30}'],
      [{ most: 10 }, '{"most":10}'],
      [{ tolerance: 0.5 }, '{"tolerance":0.5}'],
      [{ max: 10 }, '{"max":10}'],
    ],
  },
  'rollouts.store': { right: [memory()], wrong: [['redis://localhost', '"redis://localhost"']] },
  'rollouts.plans': {
    right: [{}, { checkout: { stages: [10, 100] } }],
    wrong: [
      [[], '[]'],
      [{ checkout: 10 }, '{"checkout":10}'],
    ],
  },
  'rollouts.writers': {
    right: [[], [rolloutWriters.webhook({ url: 'http://127.0.0.1/hook' })]],
    wrong: [[['http://127.0.0.1/hook'], '["http://127.0.0.1/hook"]']],
  },
  'rollouts.business': { right: [() => []], wrong: [[{}, '{}']] },
  'rollouts.intervalMs': { right: [1000, 600_000], wrong: [[999, '999']] },
  'rollouts.prometheus': { right: ['http://prometheus:9090'], wrong: [['prometheus:9090', '"prometheus:9090"']] },
  'log.level': {
    right: ['trace', 'silent'],
    wrong: [
      ['INFO', '"INFO"'],
      ['toString', '"toString"'],
      [30, '30'],
    ],
  },
  'log.destination': {
    right: ['/tmp/a.log', 0, 2, new Writable()],
    wrong: [
      [-1, '-1'],
      [1.5, '1.5'],
      ['', '""'],
      [{}, '{}'],
      [Number.NaN, 'NaN'],
    ],
  },
  'log.accessLog': {
    right: [true, false, {}, { sample: 0 }, { sample: 1, ignore: ['/livez'] }, { sample: undefined }],
    wrong: [
      ['yes', '"yes"'],
      [{ sample: 1.1 }, '{"sample":1.1}'],
      [{ sample: -0.1 }, '{"sample":-0.1}'],
      [{ ignore: '/a' }, '{"ignore":"/a"}'],
      [{ sampel: 1 }, '{"sampel":1}'],
      [[], '[]'],
      [null, 'null'],
    ],
  },
  'log.redact': {
    right: [[], ['ssn']],
    wrong: [
      ['ssn', '"ssn"'],
      [['user.ssn'], '["user.ssn"]'],
      [['*'], '["*"]'],
      [[''], '[""]'],
    ],
  },
  'saturation.probes': {
    right: [[], ['heap', 'cpu'], [probe], ['heap', probe]],
    wrong: [
      ['heap', '"heap"'],
      [['haep'], '["haep"]'],
      [['toString'], '["toString"]'],
      [[{ name: 'p' }], '[{"name":"p"}]'],
    ],
  },
  'saturation.intervalMs': {
    right: [100, 5000, 3_600_000],
    wrong: [
      [99, '99'],
      [Number.NaN, 'NaN'],
      [Number.POSITIVE_INFINITY, 'Infinity'],
      ['5000', '"5000"'],
    ],
  },
  shutdownTimeoutMs: {
    right: [0, 2000],
    wrong: [
      [-1, '-1'],
      [600_001, '600001'],
      ['2000', '"2000"'],
      [10n, '10n'],
    ],
  },
};

function leaves(branch: Branch, path = ''): string[] {
  return Object.entries(branch).flatMap(([key, node]) =>
    isRule(node) ? [path + key] : leaves(node, `${path}${key}.`),
  );
}

test('every option there is has its cases here', () => {
  expect(Object.keys(cases).sort()).toEqual(leaves(schema).sort());
});

describe.each(Object.entries(cases))('%s', (path, { right, wrong }) => {
  test.each(right.map((value) => [value]))('may be %s', (value) => {
    expect(problemsOf(nested(path, value))).toEqual([]);
  });

  test('may be undefined, which is not set', () => {
    expect(problemsOf(nested(path, undefined))).toEqual([]);
  });

  const told = wrong.map(([value, shownAs]) => [shownAs, value] as const);
  test.each(told)('may not be %s: the problem names option, value and what is expected', (shownAs, value) => {
    const { expects } = path
      .split('.')
      .reduce((node, key) => (node as Branch)[key] as Branch, schema as Branch) as unknown as { expects: string };
    expect(problemsOf(nested(path, value))).toEqual([`${path} must be ${expects}, got ${shownAs}`]);
    expect(expects.length).toBeGreaterThan(5);
  });
});
