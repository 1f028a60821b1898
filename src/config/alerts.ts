import { type SinkSource, sinkOf } from '../alerts/sinks/sinks.js';
import { systemClock } from '../core/clock.js';
import { messageOf } from '../core/diagnostics.js';
import type { AlertOptions } from './alert-options.js';
import { ConfigError } from './config-error.js';

const silent = { error: () => {}, warn: () => {}, info: () => {} };

/** Throws `ConfigError` for a sink whose address is none; rules are looked at one by one when they are watched. */
export function alertsConfig(options: AlertOptions = {}): AlertOptions {
  for (const sink of options.sinks ?? []) probe(sink);
  return options;
}

function probe(sink: SinkSource): void {
  try {
    sinkOf(sink, { clock: systemClock, log: silent });
  } catch (cause) {
    throw new ConfigError([`alerts.sinks: ${messageOf(cause)}`]);
  }
}
