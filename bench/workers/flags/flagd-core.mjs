import { FlagdCore } from '@openfeature/flagd-core';
import { document } from './document.mjs';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** @param {{ disableDynamicCodeGeneration?: boolean }} options */
export function flagdCore(options) {
  const core = new FlagdCore(undefined, silent, options);
  core.setConfigurations(document(3));
  return {
    check: (key, user) => core.resolveBooleanEvaluation(key, false, user, silent).value,
    load: (count) => new FlagdCore(undefined, silent).setConfigurations(document(count)),
  };
}
