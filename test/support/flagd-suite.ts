import assert from 'node:assert/strict';
import { FlagClient } from '../../src/flags/client.js';
import type { Evaluation, FlagValue } from '../../src/flags/evaluation.js';
import { memory } from '../../src/flags/sources/memory.js';
import { type Row, rowsOf, type Step } from './gherkin.js';

/** Runs the steps of one row against a document. Throws where what comes out is not what the row says. */
export class World {
  readonly #client: FlagClient;
  readonly #context: Record<string, unknown> = {};
  #flag: { key: string; fallback: FlagValue } = { key: '', fallback: '' };
  #details: Evaluation | undefined;

  constructor(document: string) {
    this.#client = new FlagClient().start({ sources: [memory(document)] });
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
      ([value = '']) => assert.deepEqual(this.#details?.value, like(this.#flag.fallback, value)),
    ],
    [/^the reason should be "(.*)"$/, ([reason = '']) => assert.equal(this.#details?.reason, reason)],
    [/^the error-code should be "(.*)"$/, ([code = '']) => assert.equal(this.#details?.errorCode, code)],
    [
      /^the resolved metadata should contain$/,
      (_args, [, ...rows]) => {
        for (const [key = '', type = '', value = ''] of rows) {
          assert.equal(this.#details?.flagMetadata[key], typed(type, value));
        }
      },
    ],
    [/^the resolved metadata is empty$/, () => assert.deepEqual(this.#details?.flagMetadata, {})],
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

/** The first version splits by other arithmetic: what it expects contradicts the second, which is ours. */
export const SKIPPED = '@fractional-v1';

export interface SuiteRow extends Row {
  readonly feature: string;
}

/** flagd's evaluator suite: `read` gives a file of it. */
export function suite(read: (path: string) => string): { document: string; rows: SuiteRow[]; wanted: SuiteRow[] } {
  const rows = FEATURES.flatMap((feature) =>
    rowsOf(read(`gherkin/${feature}.feature`)).map((row) => ({ ...row, feature })),
  );
  const wanted = rows.filter(({ tags }) => !tags.has(SKIPPED));
  return { document: read('flags/testkit-flags.json'), rows, wanted };
}
