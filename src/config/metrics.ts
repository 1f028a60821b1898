import { messageOf } from '../core/diagnostics.js';
import { bucketEdges } from '../metrics/buckets.js';
import { included } from '../metrics/include/sources.js';
import { type PushSettings, pushSettings, pushWanted } from '../metrics/otlp/settings.js';
import type { Environment } from '../traces/exporters/environment.js';
import { ConfigError } from './config-error.js';
import type { MetricsOptions } from './metric-options.js';

/** What is decided about metrics before anything is started. */
export interface MetricsConfig {
  readonly include: unknown;
  /** Seconds, ascending. */
  readonly boundaries: readonly number[];
  /** `undefined`: nothing is pushed. */
  readonly push: PushSettings | undefined;
}

/** Throws `ConfigError` for settings that are wrong. */
export function metricsConfig(options: MetricsOptions, env: Environment): MetricsConfig {
  try {
    included(options.include); // throws for what can not be
    return {
      include: options.include,
      boundaries: bucketEdges(options.buckets),
      push: pushWanted(options.otlp, env) ? pushSettings({}, env) : undefined,
    };
  } catch (cause) {
    throw new ConfigError([`metrics: ${messageOf(cause)}`]);
  }
}
