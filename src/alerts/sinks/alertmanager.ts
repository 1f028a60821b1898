import type { Clock } from '../../core/clock.js';
import type { Alert, AlertSink, Message } from './alert.js';
import { JsonPost, type PostOptions } from './post.js';
import { rfc3339 } from './rfc3339.js';

export interface AlertmanagerOptions extends PostOptions {
  /** A page of this service to link to. */
  readonly generatorUrl?: string | undefined;
  /** From the last word of a process until its alerts resolve by themselves; it says so every minute. @default 240 s */
  readonly resolveAfterSeconds?: number | undefined;
}

const RESOLVE_AFTER_S = 240;

/**
 * Posts to the API, version 2, of an Alertmanager, which groups, mutes, repeats and routes. What fires is sent again and again
 * with an end that is near, so a process that dies resolves its alerts; N processes with the same rule send the same labels,
 * which is one alert there. Muted ones are sent too: its `inhibit_rules` know what other processes have.
 */
export function alertmanager(
  { generatorUrl, resolveAfterSeconds = RESOLVE_AFTER_S, ...options }: AlertmanagerOptions,
  clock: Clock,
): AlertSink {
  const post = new JsonPost(options, 'alertmanager', clock, '/api/v2/alerts');
  return {
    name: `alertmanager ${post.shown}`,
    pace: 'state',
    deliver: (message, signal) => post.send(alertsBody(message, resolveAfterSeconds * 1000, generatorUrl), signal),
    close: () => post.close(),
  };
}

/** `flapping` is an annotation: as a label it would make another alert of it than in the process next door. */
export function alertsBody({ alerts, atMs }: Message, resolveAfterMs: number, generatorUrl?: string): object[] {
  return alerts.map(({ labels, annotations, startsAtMs, endsAtMs, flapping }: Alert) => ({
    labels,
    annotations: flapping ? { ...annotations, flapping: 'true' } : annotations,
    startsAt: rfc3339(Math.min(startsAtMs, endsAtMs ?? atMs)),
    endsAt: rfc3339(endsAtMs ?? atMs + resolveAfterMs),
    ...(generatorUrl !== undefined && { generatorURL: generatorUrl }),
  }));
}
