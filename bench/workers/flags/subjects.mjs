import { flagdCore } from './flagd-core.mjs';
import { fourlights } from './fourlights.mjs';
import { growthBook } from './growthbook.mjs';
import { launchDarkly } from './launchdarkly.mjs';
import { unleash } from './unleash.mjs';

/**
 * @typedef {object} Subject
 * @property {(key: string, user: any) => boolean} check
 * @property {'unleash' | 'launchDarkly' | 'growthBook'} [form] of the users it takes; flagd's unless said
 * @property {(work: () => any) => any} [within] what its checks run in
 * @property {(count: number) => unknown} [load] makes another with so many flags
 * @property {() => unknown} [stop]
 */

/** @param {string} source repository of the library @returns {Promise<Record<string, Subject>>} */
export async function subjects(source) {
  const { byKey, byHandle, inRequest } = await fourlights(source);
  return {
    'fourlights, by key': byKey,
    'fourlights, by handle': byHandle,
    'fourlights, by key in a request': inRequest,
    'flagd-core': flagdCore({}),
    'flagd-core, interpreter': { ...flagdCore({ disableDynamicCodeGeneration: true }), load: undefined },
    'unleash-client': await unleash(),
    'LaunchDarkly, variationDetail with a callback': await launchDarkly(),
    GrowthBook: growthBook(),
  };
}
