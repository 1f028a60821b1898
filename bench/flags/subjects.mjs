// Each subject answers the same checks: `check(key, user)` for one flag, and what it is built of is loaded by `load(count)`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GrowthBookClient } from '@growthbook/growthbook';
import * as LaunchDarkly from '@launchdarkly/node-server-sdk';
import { TestData } from '@launchdarkly/node-server-sdk/integrations';
import { FlagdCore } from '@openfeature/flagd-core';
import { buildSync } from 'esbuild';
import { Unleash } from 'unleash-client';

const COUNTRIES = ['DE', 'FR', 'AT'];
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** `plain`: no rule. `rollout`: 25 % by the targeting key. `rules`: three rules, the second by a list, the third by a version. */
const flagd = {
  plain: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' },
  rollout: {
    state: 'ENABLED',
    variants: { on: true, off: false },
    defaultVariant: 'off',
    targeting: {
      fractional: [
        ['on', 25],
        ['off', 75],
      ],
    },
  },
  rules: {
    state: 'ENABLED',
    variants: { on: true, off: false },
    defaultVariant: 'off',
    targeting: {
      if: [
        { '==': [{ var: 'plan' }, 'pro'] },
        'on',
        { in: [{ var: 'country' }, COUNTRIES] },
        'on',
        { sem_ver: [{ var: 'version' }, '>=', '2.1.0'] },
        'on',
        'off',
      ],
    },
  },
};

const document = (count) =>
  JSON.stringify({
    flags: Object.fromEntries([
      ...Object.entries(flagd),
      ...Array.from({ length: Math.max(0, count - 3) }, (_, i) => [`flag-${i}`, flagd.rules]),
    ]),
  });

/** The library as it stands in src/, whether or not its entry exports this part. */
async function fourlights() {
  const folder = mkdtempSync(join(tmpdir(), 'fourlights-bench-'));
  const outfile = join(folder, 'flags.mjs');
  const src = new URL('../../src/', import.meta.url).pathname;
  const contents = `export { FlagClient } from './flags/client.js'; export { memory } from './flags/sources/memory.js';
    export { Context, store } from './context/store.js';`;
  buildSync({ stdin: { contents, resolveDir: src }, bundle: true, platform: 'node', format: 'esm', outfile });
  const library = await import(pathToFileURL(outfile).href);
  rmSync(folder, { recursive: true });
  return library;
}

export async function subjects() {
  const { FlagClient, memory, Context, store } = await fourlights();
  const load = (count) => new FlagClient().start({ sources: [memory(document(count))] });
  const ours = load(3);
  const handles = Object.fromEntries(Object.keys(flagd).map((key) => [key, ours.handle(key, false)]));
  const identity = { correlationId: 'c', traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
  const core = (options) => {
    const made = new FlagdCore(undefined, silent, options);
    made.setConfigurations(document(3));
    return { check: (key, user) => made.resolveBooleanEvaluation(key, false, user, silent).value };
  };
  return {
    'fourlights, by key': { check: (key, user) => ours.boolean(key, false, user), load },
    'fourlights, by handle': { check: (key, user) => handles[key].on(user) },
    'fourlights, by key in a request': {
      check: (key, user) => ours.boolean(key, false, user),
      within: (work) => store.run(new Context(identity, undefined), work),
    },
    'flagd-core': {
      ...core({}),
      load: (count) => new FlagdCore(undefined, silent).setConfigurations(document(count)),
    },
    'flagd-core, interpreter': core({ disableDynamicCodeGeneration: true }),
    'unleash-client': await unleash(),
    'LaunchDarkly, variationDetail with a callback': await launchDarkly(),
    GrowthBook: growthBook(),
  };
}

async function unleash() {
  const feature = (name, strategies) => ({ name, enabled: true, type: 'release', strategies, variants: [] });
  const by = (contextName, operator, values, value) => [{ contextName, operator, values, value }];
  const client = new Unleash({
    appName: 'bench',
    url: 'http://127.0.0.1:9/api',
    refreshInterval: 0,
    disableMetrics: true,
    skipInstanceCountWarning: true,
    storageProvider: { set: async () => {}, get: async () => undefined },
    bootstrap: {
      data: [
        feature('plain', [{ name: 'default', parameters: {} }]),
        feature('rollout', [
          { name: 'flexibleRollout', parameters: { rollout: '25', stickiness: 'userId', groupId: 'rollout' } },
        ]),
        feature('rules', [
          { name: 'default', parameters: {}, constraints: by('plan', 'IN', ['pro']) },
          { name: 'default', parameters: {}, constraints: by('country', 'IN', COUNTRIES) },
          { name: 'default', parameters: {}, constraints: by('version', 'SEMVER_GT', [], '2.0.99') },
        ]),
      ],
    },
  });
  client.on('error', () => {});
  await new Promise((resolve) => client.once('ready', resolve));
  return { form: 'unleash', check: (key, user) => client.isEnabled(key, user), stop: () => client.destroy() };
}

async function launchDarkly() {
  const data = new TestData();
  const rule = (attribute, op, values) => ({
    clauses: [{ attribute, op, values, negate: false, contextKind: 'user' }],
    variation: 0,
  });
  const flag = (key, more) => ({
    key,
    on: true,
    version: 1,
    salt: 'salt',
    variations: [true, false],
    offVariation: 1,
    fallthrough: { variation: 1 },
    rules: [],
    targets: [],
    prerequisites: [],
    ...more,
  });
  await data.usePreconfiguredFlag(flag('plain', { fallthrough: { variation: 0 } }));
  await data.usePreconfiguredFlag(
    flag('rollout', {
      fallthrough: {
        rollout: {
          contextKind: 'user',
          variations: [
            { variation: 0, weight: 25000 },
            { variation: 1, weight: 75000 },
          ],
        },
      },
    }),
  );
  await data.usePreconfiguredFlag(
    flag('rules', {
      rules: [
        { id: '1', ...rule('plan', 'in', ['pro']) },
        { id: '2', ...rule('country', 'in', COUNTRIES) },
        { id: '3', ...rule('version', 'semVerGreaterThan', ['2.0.99']) },
      ],
    }),
  );
  const client = LaunchDarkly.init('sdk-key', {
    updateProcessor: data.getFactory(),
    sendEvents: false,
    diagnosticOptOut: true,
    logger: LaunchDarkly.basicLogger({ level: 'none' }),
  });
  await client.waitForInitialization({ timeout: 10 });
  let value;
  const take = (_error, detail) => {
    value = detail.value;
  };
  return {
    form: 'launchDarkly',
    check: (key, user) => {
      void client.variationDetail(key, user, false, take);
      return value;
    },
    stop: () => client.close(),
  };
}

function growthBook() {
  const client = new GrowthBookClient({});
  client.initSync({
    payload: {
      features: {
        plain: { defaultValue: true },
        rollout: { defaultValue: false, rules: [{ force: true, coverage: 0.25, hashAttribute: 'id' }] },
        rules: {
          defaultValue: false,
          rules: [
            { condition: { plan: 'pro' }, force: true },
            { condition: { country: { $in: COUNTRIES } }, force: true },
            { condition: { version: { $vgte: '2.1.0' } }, force: true },
          ],
        },
      },
    },
  });
  return { form: 'growthBook', check: (key, user) => client.isOn(key, user), stop: () => client.destroy() };
}

/** 1024 users, each in the form that a subject takes. */
export function users() {
  return Array.from({ length: 1024 }, (_, i) => {
    const attributes = {
      plan: i % 5 === 0 ? 'pro' : 'free',
      country: ['US', 'GB', 'DE', 'SE'][i % 4],
      version: `${1 + (i % 2)}.${i % 7}.${i % 3}`,
      beta: i % 3 === 0,
    };
    const id = `user-${i * 7919}`;
    return {
      flagd: { targetingKey: id, email: `${id}@example.com`, ...attributes },
      unleash: { userId: id, properties: { ...attributes, beta: String(attributes.beta) } },
      launchDarkly: { kind: 'user', key: id, ...attributes },
      growthBook: { attributes: { id, ...attributes } },
    };
  });
}
