import type { Config } from '../config/config.js';
import { atOnce } from '../core/at-once.js';
import { systemClock } from '../core/clock.js';
import { diagnostics } from '../core/diagnostics.js';
import type { Exchange } from '../core/exchange.js';
import type { Lifecycle } from '../core/lifecycle.js';
import { slot } from '../core/slot.js';
import { FlagClient } from '../flags/client.js';
import type { EvaluationContext } from '../flags/evaluation.js';
import type { EventSink } from '../flags/exposure.js';
import { backedUp } from '../flags/sources/backed-up.js';
import { environment } from '../flags/sources/environment.js';
import { LEVELS } from '../logs/levels.js';
import { addSpanEvent, type Tracing } from '../traces/tracing.js';
import { processLog } from './log.js';

/** The process's one client, whichever copy of the package made it: it answers with fallbacks until `observe()`. */
export const flagClient: FlagClient = slot('flags', () => new FlagClient(systemClock));

/** Gives the client its sources. What the environment switches off comes first, as off wins. */
export function openFlags({ flags, http, log }: Config, tracing: Tracing | undefined, lifecycle: Lifecycle): void {
  const { sources: given, backup, ...options } = flags;
  const all = [environment(), ...given];
  const { sources, applied } = backup === undefined ? { sources: all, applied: undefined } : backedUp(all, backup);
  const { targetingKey } = http;
  flagClient.start({
    ...options,
    sources,
    applied,
    events: tracing === undefined ? loggedAt(log.threshold) : (event) => addSpanEvent(tracing, event),
    request: targetingKey === undefined ? undefined : (exchange) => whoseIs(exchange, targetingKey),
  });
  lifecycle.started('flags', () => flagClient.stop());
}

function whoseIs(
  { request }: Exchange,
  targetingKey: NonNullable<Config['http']['targetingKey']>,
): EvaluationContext | undefined {
  if (request === undefined) return undefined; // work that goes on after its request has ended
  try {
    const key = atOnce('http.targetingKey', targetingKey(request));
    return typeof key === 'string' && key !== '' ? { targetingKey: key } : undefined;
  } catch (cause) {
    diagnostics.report('http.targetingKey', cause);
    return undefined;
  }
}

/** Without a span, an evaluation is a line for those who debug. */
function loggedAt(threshold: number): EventSink | undefined {
  if (threshold > LEVELS.debug) return undefined;
  return (event) => processLog.pair.own.debug(event.attributes(), event.name);
}
