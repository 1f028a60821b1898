import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unleash } from '../../src/adapters/unleash.js';
import type { EvaluationContext, FlagKind } from '../../src/flags/evaluation.js';
import type { EvaluatingSource } from '../../src/flags/source.js';
import { offlineUnleash, type UnleashState } from './offline-unleash.js';

interface Payload {
  readonly type: string;
  readonly value: string;
}

interface Specification {
  readonly name: string;
  readonly state: UnleashState & { readonly events?: unknown };
  readonly tests?: readonly Case<boolean>[];
  readonly variantTests?: readonly Case<{ name: string; enabled: boolean; payload?: Payload }>[];
}

interface Case<T> {
  readonly description: string;
  readonly context: EvaluationContext;
  readonly toggleName: string;
  readonly expectedResult: T;
}

/** Its index asks for a package that it does not bring, so the files are read. */
const folder = join(
  dirname(createRequire(import.meta.url).resolve('@unleash/client-specification/package.json')),
  'specifications',
);
const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
const files = read('index.json') as string[];

/** Of the kind that Unleash's payload is; all payloads are text on its wire. */
const kinds: Readonly<Record<string, FlagKind>> = { string: 'string', csv: 'string', number: 'number', json: 'object' };
const valueIn = ({ type, value }: Payload): unknown => (kinds[type] === 'string' ? value : JSON.parse(value));

let cases = 0;

describe.each(files)('%s', (file) => {
  const { state, tests = [], variantTests = [] } = read(file) as Specification;
  if (state.events !== undefined) {
    test('is about the stream of deltas, which the open server does not have: not run', () => {
      expect(tests.length + variantTests.length).toBeLessThan(4);
    });
    return;
  }
  let source: EvaluatingSource;
  let destroy: () => void;
  beforeAll(async () => {
    const client = await offlineUnleash(state);
    destroy = () => client.destroy();
    source = unleash(client);
  });
  afterAll(() => destroy());

  if (tests.length > 0) {
    test.each(tests)('$description', ({ toggleName, context, expectedResult }) => {
      cases++;
      expect(source.evaluate(toggleName, 'boolean', false, context)?.value ?? false).toBe(expectedResult);
    });
  }
  if (variantTests.length > 0) {
    test.each(variantTests)('$description', ({ toggleName, context, expectedResult }) => {
      cases++;
      const { name, enabled, payload } = expectedResult;
      const kind = kinds[payload?.type ?? 'string'] ?? 'string';
      const evaluation = source.evaluate(toggleName, kind, kind === 'object' ? {} : 'the fallback', context);
      expect(evaluation?.variant ?? 'disabled').toBe(name);
      expect(evaluation?.variant !== undefined).toBe(enabled);
      if (payload !== undefined) expect(evaluation?.value).toEqual(valueIn(payload));
    });
  }
});

test('all cases but the four of the delta stream were run', () => {
  expect(cases).toBe(275);
});
