import { GrowthBookClient } from '@growthbook/growthbook';
import { COUNTRIES } from './document.mjs';

export function growthBook() {
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
