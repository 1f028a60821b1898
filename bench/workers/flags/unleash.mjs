import { Unleash } from 'unleash-client';
import { COUNTRIES } from './document.mjs';

export async function unleash() {
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
