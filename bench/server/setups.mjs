/**
 * The library with one part on at a time, by its public options alone. Correlation cannot be switched off, and nothing else works
 * without signals: what is on beside a part is in the name of its variant.
 */
const quiet = { traces: false, log: { accessLog: false } };
const flags = {
  checkout: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off', rollout: 25 },
};
/** Of each twenty one is sent, and besides whatever failed or was slower than 95 of 100. */
const traces = { exporter: 'otlp', ratio: 0.05, keep: { errors: true, slowerThan: 'p95' } };

/** @type {Record<string, { options: any, flags?: typeof flags }>} */
export const setups = {
  correlation: { options: { ...quiet, http: { ignore: () => true } } },
  signals: { options: quiet },
  'access-log': { options: { traces: false } },
  traces: { options: { ...quiet, traces } },
  flag: { options: quiet, flags },
  everything: { options: { traces }, flags },
  'everything-sent': { options: { traces: { ...traces, ratio: 1 } }, flags },
};
