import { compose } from './compose.js';
import { resolve } from './config/config.js';
import type { ObserveOptions } from './config/options.js';
import { diagnostics } from './core/diagnostics.js';
import { instance, NO_SPANS, type Observability, type ShutdownOptions, type ShutdownReport } from './instance.js';

/**
 * Wires everything, once per process: a second call returns the same instance and says so. Throws `ConfigError` for
 * options that are wrong, before anything has been started.
 */
export function observe(options: ObserveOptions = {}): Observability {
  if (instance.running !== undefined) {
    diagnostics.warn(
      'observe twice',
      'observe() was called again: the first call is in force, the new options are not used',
    );
    return instance.running.observability;
  }
  instance.running = compose(resolve(options, process.env), shutdown);
  return instance.running.observability;
}

/** Stops all that `observe()` started, in reverse and in bounded time. Never rejects; without `observe()` there is nothing to stop. */
export async function shutdown({ timeoutMs }: ShutdownOptions = {}): Promise<ShutdownReport> {
  const running = instance.running;
  if (running === undefined) {
    return { durationMs: 0, spans: NO_SPANS, logs: { written: 0, dropped: 0 }, failures: [] };
  }
  return running.stop(timeoutMs);
}
