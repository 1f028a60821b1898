import type { Clock } from '../../core/clock.js';
import { has, unknownName } from '../../core/table.js';
import type { Alert, AlertSink } from './alert.js';
import { type AlertmanagerOptions, alertmanager } from './alertmanager.js';
import { callback } from './callback.js';
import { type AlertLog, logLine } from './log.js';
import type { PostOptions } from './post.js';
import { slack } from './slack.js';
import { webhook } from './webhook.js';

/** What sinks are made of. */
export interface SinkContext {
  readonly clock: Clock;
  readonly log: AlertLog;
}

/** By name. All but the first have an address, and maybe headers. */
export const sinks = {
  log: (_options: unknown, { log }) => logLine(log),
  webhook: (options: PostOptions, { clock }) => webhook(options, clock),
  slack: (options: PostOptions, { clock }) => slack(options, clock),
  alertmanager: (options: AlertmanagerOptions, { clock }) => alertmanager(options, clock),
} as const satisfies Readonly<Record<string, (options: AlertmanagerOptions, context: SinkContext) => AlertSink>>;

export type SinkName = keyof typeof sinks;

type Addressed = Exclude<SinkName, 'log'>;

/** With more than an address: `{ to: 'webhook', url, headers }`. */
type WithOptions = { readonly [N in Addressed]: Parameters<(typeof sinks)[N]>[0] & { readonly to: N } }[Addressed];

/**
 * Where alerts go: `'log'`; a name with an address, `'webhook:https://...'`, `'slack:https://...'`,
 * `'alertmanager:http://alerts:9093'`; the same with headers; a function that is called; or a sink of one's own.
 */
export type SinkSource = 'log' | `${Addressed}:${string}` | WithOptions | ((alert: Alert) => unknown) | AlertSink;

/** Throws for an unknown name and for an address that is none. */
export function sinkOf(source: SinkSource, context: SinkContext): AlertSink {
  if (typeof source === 'function') return callback(source);
  if (typeof source === 'object' && 'deliver' in source) return source;
  const { to, ...options } = typeof source === 'string' ? split(source) : source;
  if (!isSinkName(to)) throw new Error(unknownName('alerts sink', sinks, String(to)));
  return sinks[to](options, context);
}

function split(text: string): AlertmanagerOptions & { readonly to: string } {
  const colon = text.indexOf(':');
  return colon === -1 ? { to: text, url: '' } : { to: text.slice(0, colon), url: text.slice(colon + 1) };
}

function isSinkName(name: string): name is SinkName {
  return has(sinks, name);
}
