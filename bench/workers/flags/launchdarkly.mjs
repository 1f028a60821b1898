import * as LaunchDarkly from '@launchdarkly/node-server-sdk';
import { TestData } from '@launchdarkly/node-server-sdk/integrations';
import { COUNTRIES } from './document.mjs';

export async function launchDarkly() {
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
