import {
  AsyncLocalStorageTransactionContextPropagator,
  type Client,
  type EvaluationContext,
  type EvaluationDetails,
  type Hook,
  type JsonValue,
  OpenFeature,
} from '@openfeature/server-sdk';
import { expect } from 'vitest';
import { FourlightsProvider } from '../../src/adapters/openfeature.js';
import { FlagClient } from '../../src/flags/client.js';
import type { Evaluation, FlagValue, EvaluationContext as OurContext } from '../../src/flags/evaluation.js';
import type { Source } from '../../src/flags/source.js';
import { memory } from '../../src/flags/sources/memory.js';
import type { Step } from '../support/gherkin.js';
import { flagsOf } from './openfeature-flags.js';

type Work = (args: string[], table: Step['table']) => unknown;
type Level = 'API' | 'Transaction' | 'Client' | 'Invocation' | 'Before Hooks';

let worlds = 0;

/** A client of theirs over our provider, and what one scenario has said so far. */
export class OpenFeatureWorld {
  readonly #document: object;
  readonly #domain = `world ${worlds++}`;
  readonly #client: Client = OpenFeature.getClient(this.#domain);
  readonly #context: Record<string, EvaluationContext[string]> = {};
  readonly #levels: Partial<Record<Level, EvaluationContext>> = {};
  readonly #hooked: string[] = [];
  #hooks: Hook[] = [];
  #order: string[] = [];
  #flag: { key: string; type: string; fallback: FlagValue } = { key: '', type: '', fallback: '' };
  #details: EvaluationDetails<JsonValue> | undefined;
  #merged: OurContext = {};

  constructor(document: object) {
    this.#document = document;
    OpenFeature.setTransactionContextPropagator(new AsyncLocalStorageTransactionContextPropagator());
  }

  async run({ text, table }: Step): Promise<void> {
    for (const [pattern, work] of this.#steps) {
      const match = pattern.exec(text);
      if (match !== null) return void (await work(match.slice(1), table));
    }
    throw new Error(`no step for: ${text}`);
  }

  async end(): Promise<void> {
    OpenFeature.setContext({});
    await OpenFeature.setProviderAndWait(this.#domain, new FourlightsProvider(flagsOf(this.#document).flags));
  }

  readonly #providers: Readonly<Record<string, () => Promise<void>>> = {
    stable: async () =>
      OpenFeature.setProviderAndWait(this.#domain, new FourlightsProvider(flagsOf(this.#document).flags)),
    'not ready': async () => {
      const waiting = new FlagClient().start({ sources: [memory()] }); // a source that has not answered
      OpenFeature.setProvider(this.#domain, new FourlightsProvider(waiting, { timeoutMs: 1000 }));
    },
    error: async () => {
      const provider = new FourlightsProvider(new FlagClient().start({ sources: [] }), { timeoutMs: 1 });
      await OpenFeature.setProviderAndWait(this.#domain, provider).catch(() => {});
    },
    stale: async () => {
      const backup: Source = { ...memory(this.#document), standing: 'backup' };
      await OpenFeature.setProviderAndWait(
        this.#domain,
        new FourlightsProvider(new FlagClient().start({ sources: [backup] })),
      );
      await new Promise(setImmediate);
    },
  };

  async #evaluate(): Promise<void> {
    const { key, type, fallback } = this.#flag;
    const context = { ...this.#context, ...this.#levels.Invocation };
    const options = { hooks: this.#hooks };
    const work = {
      Boolean: () => this.#client.getBooleanDetails(key, fallback as boolean, context, options),
      String: () => this.#client.getStringDetails(key, fallback as string, context, options),
      Integer: () => this.#client.getNumberDetails(key, fallback as number, context, options),
      Float: () => this.#client.getNumberDetails(key, fallback as number, context, options),
      Object: () => this.#client.getObjectDetails(key, fallback as JsonValue, context, options),
    }[type];
    if (work === undefined) throw new Error(`no such type: ${type}`);
    const inTransaction = async (): Promise<void> => {
      this.#details = await work();
    };
    await new Promise<void>((resolve, reject) =>
      OpenFeature.setTransactionContext(
        this.#levels.Transaction ?? {},
        () => void inTransaction().then(resolve, reject),
      ),
    );
  }

  #at(level: string, key: string, value: string): void {
    const known = level as Level; // as the table of the feature has it
    this.#levels[known] = { ...this.#levels[known], [key]: value };
    if (known === 'API') OpenFeature.setContext(this.#levels.API ?? {});
    if (known === 'Client') this.#client.setContext(this.#levels.Client ?? {});
    if (known === 'Before Hooks') this.#hooks = [{ before: () => this.#levels['Before Hooks'] ?? {} }];
  }

  async #retrievable(): Promise<void> {
    const { flags } = flagsOf(this.#document);
    const watched = {
      ready: () => flags.ready(),
      onChange: () => () => {},
      details: <T extends FlagValue>(key: string, fallback: T, context?: OurContext): Evaluation<T> => {
        this.#merged = context ?? {};
        return flags.details(key, fallback, context);
      },
    };
    await OpenFeature.setProviderAndWait(this.#domain, new FourlightsProvider(watched));
  }

  readonly #steps: readonly (readonly [RegExp, Work])[] = [
    [/^an? (stable|not ready|error|stale) provider$/, ([kind = '']) => this.#providers[kind]?.()],
    [/^the provider status should be "(.*)"$/, ([status]) => expect(this.#client.providerStatus).toBe(status)],
    [
      /^an? (\w+)-flag with key "(.*)" and a fallback value "(.*)"$/,
      ([type = '', key = '', value = '']) => {
        this.#flag = { key, type, fallback: typed(type, value) };
      },
    ],
    [
      /^a context containing a key "(.*)", with type "(\w+)" and with value "(.*)"$/,
      ([key = '', type = '', value = '']) => {
        this.#context[key] = typed(type, value) as boolean | number | string;
      },
    ],
    [
      /^a context containing a key "(.*)" with null value$/,
      ([key = '']) => {
        this.#context[key] = null;
      },
    ],
    [/^the flag was evaluated with details( asynchronously| using the evaluation options)?$/, () => this.#evaluate()],
    [/^the evaluation should complete without blocking$/, () => {}],
    [
      /^the resolved details value should be "(.*)"$/,
      ([value = '']) => expect(this.#details?.value).toEqual(typed(this.#flag.type, value)),
    ],
    [/^the reason should be "(.*)"$/, ([reason]) => expect(this.#details?.reason).toBe(reason)],
    [/^the error-code should be "(.*)"$/, ([code]) => expect(this.#details?.errorCode).toBe(code)],
    [/^the flag key should be "(.*)"$/, ([key]) => expect(this.#details?.flagKey).toBe(key)],
    [/^the variant should be "(.*)"$/, ([variant]) => expect(this.#details?.variant).toBe(variant)],
    [
      /^the resolved metadata should contain$/,
      (_args, [, ...rows]) => {
        const entries = rows.map(([key = '', type = '', value = '']) => [key, typed(type, value)]);
        expect(this.#details?.flagMetadata).toEqual(Object.fromEntries(entries));
      },
    ],
    [/^the resolved metadata is empty$/, () => expect(this.#details?.flagMetadata).toEqual({})],
    [
      /^evaluation options containing specific hooks$/,
      () => {
        this.#order = ['first before', 'second before', 'second finally', 'first finally'];
        this.#hooks = ['first', 'second'].map((name) => ({
          before: () => void this.#hooked.push(`${name} before`),
          finally: () => void this.#hooked.push(`${name} finally`),
        }));
      },
    ],
    [
      /^the specified hooks should execute during evaluation$/,
      () => expect(this.#hooked).toHaveLength(this.#order.length),
    ],
    [/^the hook order should be maintained$/, () => expect(this.#hooked).toEqual(this.#order)],
    [/^an evaluation context with modifiable data$/, () => Object.assign(this.#context, { nested: { a: 1 } })],
    [
      /^the original evaluation context should remain unmodified$/,
      () => expect(this.#context).toEqual({ nested: { a: 1 } }),
    ],
    [
      /^the evaluation details should be immutable$/,
      () => expect(Object.isFrozen(this.#details?.flagMetadata)).toBe(true),
    ],
    [/^a stable provider with retrievable context is registered$/, () => this.#retrievable()],
    [
      /^A context entry with key "(.*)" and value "(.*)" is added to the "(.*)" level$/,
      ([key = '', value = '', level = '']) => this.#at(level, key, value),
    ],
    [
      /^A table with levels of increasing precedence$/,
      (_args, table) => {
        this.#order = table.map(([level = '']) => level);
      },
    ],
    [
      /^Context entries for each level from API level down to the "(.*)" level, with key "(.*)" and value "(.*)"$/,
      ([last = '', key = '']) => {
        for (const level of this.#order.slice(0, this.#order.indexOf(last) + 1)) this.#at(level, key, level);
      },
    ],
    [
      /^Some flag was evaluated$/,
      () => {
        this.#flag = { key: 'boolean-flag', type: 'Boolean', fallback: false };
        return this.#evaluate();
      },
    ],
    [
      /^The merged context contains an entry with key "(.*)" and value "(.*)"$/,
      ([key = '', value]) => expect(this.#merged[key]).toBe(value),
    ],
  ];
}

function typed(type: string, text: string): FlagValue {
  if (type === 'Boolean') return text === 'true';
  if (type === 'Integer' || type === 'Float') return Number(text);
  return type === 'Object' ? JSON.parse(text.replace(/\\"/g, '"') || '{}') : text;
}
