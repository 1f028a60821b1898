import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { ConfigError, check, shown } from '../../src/config/config-error.js';
import { type Branch, isRule, schema } from '../../src/config/rules.js';

function problemsOf(options: unknown): readonly string[] {
  try {
    check(options, schema);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

/** The option at that path, and what surrounds it. */
function nested(path: string, value: unknown): unknown {
  return path.split('.').reduceRight((inner: unknown, key) => ({ [key]: inner }), value);
}

const probe = { name: 'p', sample: () => undefined };

/** Per option: values that are right, and values that are wrong with how they are shown. */
const cases: Record<string, { right: unknown[]; wrong: [unknown, string][] }> = {
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

describe('an unknown option', () => {
  test.each([
    [{ servce: 'a' }, 'unknown option "servce" (did you mean "service"?)'],
    [{ logs: {} }, 'unknown option "logs" (did you mean "log"?)'],
    [{ http: { ingore: [] } }, 'unknown option "http.ingore" (did you mean "http.ignore"?)'],
    [{ log: { Level: 'info' } }, 'unknown option "log.Level" (did you mean "log.level"?)'],
    [{ saturation: { interval: 5 } }, 'unknown option "saturation.interval" (did you mean "saturation.intervalMs"?)'],
  ])('%j is told with the nearest one', (options, start) => {
    const [problem, ...more] = problemsOf(options);
    expect(problem?.startsWith(`${start}; known: `)).toBe(true);
    expect(more).toEqual([]);
  });

  test('that is like none is told with those there are', () => {
    expect(problemsOf({ http: { zzzz: 1 } })).toEqual([
      'unknown option "http.zzzz"; known: http.auto, http.ignore, http.correlationHeaders, http.propagateTo, http.route',
    ]);
  });

  test('is wrong even when it is undefined', () => {
    expect(problemsOf({ servce: undefined })).toHaveLength(1);
  });

  test.each(['toString', '__proto__', 'constructor', 'hasOwnProperty', 'accepts', ''])('may be called %j', (key) => {
    for (const options of [JSON.parse(`{"${key}":{"a":1}}`), JSON.parse(`{"http":{"${key}":1}}`)]) {
      expect(problemsOf(options)).toEqual([expect.stringMatching(/^unknown option "/)]);
    }
  });
});

describe('the error', () => {
  test('tells all problems at once, one a line, and keeps them apart', () => {
    const options = { service: '', htp: {}, log: { level: 'loud', redact: 'a' }, saturation: null };
    const error = new ConfigError(problemsOf(options));
    expect(error.problems).toHaveLength(5);
    expect(error.message.split('\n')).toEqual(error.problems.map((problem) => `fourlights: ${problem}`));
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('ConfigError');
  });

  test.each([
    [null, 'null'],
    ['shop', '"shop"'],
    [[], '[]'],
    [7, '7'],
  ])('options that are %j are none', (options, told) => {
    expect(problemsOf(options)).toEqual([`options must be an object, got ${told}`]);
    expect(problemsOf({ http: options })).toEqual([`http must be an object, got ${told}`]);
  });

  test('shows a value as one would write it, and never more than a hint of a long one', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const values = [() => 1, Symbol('s'), undefined, Number.NaN, -0, 1n, circle, 'x'.repeat(1000)];
    expect(values.map(shown)).toEqual([
      'a function',
      'Symbol(s)',
      'undefined',
      'NaN',
      '0',
      '1n',
      'an object that cannot be shown',
      `"${'x'.repeat(76)}...`,
    ]);
  });
});
