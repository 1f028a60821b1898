import type { Config } from '../config/config.js';
import * as names from '../core/attributes.js';
import { systemClock } from '../core/clock.js';
import { diagnostics, messageOf } from '../core/diagnostics.js';
import type { Lifecycle } from '../core/lifecycle.js';
import { version } from '../core/version.js';
import { startTracing, type Tracing } from '../traces/tracing.js';
import { processLog } from './log.js';

/** `undefined` while traces are off. */
export function openTraces({ origin, instance, http, traces }: Config, lifecycle: Lifecycle): Tracing | undefined {
  if (traces === undefined) return undefined;
  const { starts, byRoute: _, ...settings } = traces;
  const tracing = startTracing(
    {
      ...settings,
      clock: systemClock,
      scope: { name: 'fourlights', version },
      resource: {
        [names.SERVICE_NAME]: origin.service,
        [names.SERVICE_VERSION]: origin.version,
        [names.ENVIRONMENT]: origin.environment,
        [names.INSTANCE_ID]: instance,
      },
      trust: http.trust,
    },
    starts,
  );
  if (tracing === undefined) return undefined;
  settings.sender?.ready?.().catch((cause: unknown) => diagnostics.warn('traces exporter', messageOf(cause), cause));
  processLog.tap = (line, exchange) => {
    if (exchange !== undefined) tracing.lines.add(exchange, line);
  };
  lifecycle.started('traces', async (leftMs) => {
    processLog.tap = undefined;
    await tracing.stop(leftMs);
  });
  return tracing;
}
