import { describe, expect, test } from 'vitest';
import { FlagClient } from '../../src/flags/client.js';
import type { Evaluation, FlagValue } from '../../src/flags/evaluation.js';
import { memory } from '../../src/flags/sources/memory.js';
import { type Row, rowsOf, type Step } from '../support/gherkin.js';
import { conformance } from '../traces/exporters/conformance.js';

/** The first version splits by other arithmetic: what it expects contradicts the second, which is ours. */
const SKIPPED = '@fractional-v1';

class World {
  readonly #client: FlagClient;
  readonly #context: Record<string, unknown> = {};
  #flag: { key: string; fallback: FlagValue } = { key: '', fallback: '' };
  #details: Evaluation | undefined;

  constructor(document: string) {
    this.#client = new FlagClient({ sources: [memory(document)] }).start();
  }

  run({ text, table }: Step): void {
    for (const [pattern, work] of this.#steps) {
      const match = pattern.exec(text);
      if (match !== null) {
        work(match.slice(1), table);
        return;
      }
    }
    throw new Error(`no step for: ${text}`);
  }

  readonly #steps: readonly (readonly [RegExp, (args: string[], table: Step['table']) => void])[] = [
    [/^an evaluator$/, () => {}],
    [
      /^an? (\w+)-flag with key "(.*)" and a fallback value "(.*)"$/,
      ([type = '', key = '', value = '']) => {
        this.#flag = { key, fallback: typed(type, value) };
      },
    ],
    [
      /^a context containing a key "(.*)", with type "(\w+)" and with value "(.*)"$/,
      ([key = '', type = '', value = '']) => {
        this.#context[key] = typed(type, value);
      },
    ],
    [
      /^a context containing a nested property with outer key "(.*)" and inner key "(.*)", with value "(.*)"$/,
      ([outer = '', inner = '', value = '']) => {
        this.#context[outer] = { [inner]: value };
      },
    ],
    [
      /^a context containing a targeting key with value "(.*)"$/,
      ([value = '']) => {
        this.#context['targetingKey'] = value;
      },
    ],
    [
      /^the flag was evaluated with details$/,
      () => {
        this.#details = this.#client.details<FlagValue>(this.#flag.key, this.#flag.fallback, this.#context);
      },
    ],
    [
      /^the resolved details value should be "(.*)"$/,
      ([value = '']) => expect(this.#details?.value).toEqual(like(this.#flag.fallback, value)),
    ],
    [/^the reason should be "(.*)"$/, ([reason = '']) => expect(this.#details?.reason).toBe(reason)],
    [/^the error-code should be "(.*)"$/, ([code = '']) => expect(this.#details?.errorCode).toBe(code)],
    [
      /^the resolved metadata should contain$/,
      (_args, [, ...rows]) => {
        const entries = rows.map(([key = '', type = '', value = '']) => [key, typed(type, value)]);
        expect(this.#details?.flagMetadata).toMatchObject(Object.fromEntries(entries));
      },
    ],
    [/^the resolved metadata is empty$/, () => expect(this.#details?.flagMetadata).toEqual({})],
  ];
}

function typed(type: string, text: string): FlagValue {
  if (type === 'Boolean') return text === 'true';
  if (type === 'Integer' || type === 'Float') return Number(text);
  return type === 'Object' ? JSON.parse(text.replace(/\\"/g, '"') || '{}') : text;
}

function like(fallback: FlagValue, text: string): FlagValue {
  const types = { boolean: 'Boolean', number: 'Float', object: 'Object' } as Readonly<Record<string, string>>;
  return typed(types[typeof fallback] ?? 'String', text);
}

const FEATURES = [
  'disabled',
  'errors',
  'evaluation',
  'evaluator-refs',
  'fractional',
  'metadata',
  'no-default-variant',
  'semver',
  'string',
  'targeting',
  'zero-values',
];

describe.skipIf(conformance.absent)(`flagd's evaluator suite ${conformance.needs}`, () => {
  const read = (path: string): string => (conformance.absent ? '' : conformance.read(`flagd-evaluator/${path}`));
  const document = read('flags/testkit-flags.json');
  const rows: (Row & { feature: string })[] = FEATURES.flatMap((feature) =>
    rowsOf(read(`gherkin/${feature}.feature`)).map((row) => ({ ...row, feature })),
  );
  const wanted = rows.filter(({ tags }) => !tags.has(SKIPPED));

  test('has 140 rows, of which 15 are of the first fractional, and those alone are left out', () => {
    console.info(`flagd's suite: ${wanted.length} of ${rows.length} rows; left out: those of ${SKIPPED}`);
    expect(rows).toHaveLength(140);
    expect(wanted).toHaveLength(125);
  });

  test.each(wanted.map((row) => [`${row.feature}: ${row.name}`, row] as const))('%s', (_name, { steps }) => {
    const world = new World(document);
    for (const step of steps) world.run(step);
    expect(steps.filter(({ text }) => /should|metadata is/.test(text)).length).toBeGreaterThan(0);
  });
});
