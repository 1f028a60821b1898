import { describe, expect, test } from 'vitest';
import { launchDarkly } from '../../src/adapters/launchdarkly.js';
import { fromOpenFeature } from '../../src/adapters/openfeature.js';
import { redis } from '../../src/adapters/redis.js';
import { unleash } from '../../src/adapters/unleash.js';

const ADAPTERS = [
  ['launchDarkly()', launchDarkly, '@launchdarkly/node-server-sdk@9'],
  ['unleash()', unleash, 'unleash-client@6'],
  ['fromOpenFeature()', fromOpenFeature, '@openfeature/server-sdk@1'],
  ['redis()', redis, 'ioredis@6'],
] as const;

describe.each(ADAPTERS)('%s', (by, adapter, peer) => {
  const given = (client: unknown) => () => (adapter as (client: unknown) => unknown)(client);

  test.each([undefined, null, 'sdk-key-0123', 7, {}])('given %s says what to install', (client) => {
    expect(given(client)).toThrow(TypeError);
    expect(given(client)).toThrow(`${by} needs an object made by ${peer.replace(/@\d+$/, '')}, got`);
    expect(given(client)).toThrow(`npm install ${peer}`);
  });

  test('tells no key that came in place of a client', () => {
    expect(given('sdk-key-0123')).toThrow(/got string: npm/);
    expect(given('sdk-key-0123')).not.toThrow(/0123/);
  });

  test('names what an object lacks', () => {
    expect(given({ on() {}, get: () => null })).toThrow(/got object without \w+\(\)/);
  });
});
