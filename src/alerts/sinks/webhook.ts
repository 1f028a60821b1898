import type { Clock } from '../../core/clock.js';
import type { Alert, AlertSink, Message } from './alert.js';
import { fingerprint } from './fingerprint.js';
import { JsonPost, type PostOptions } from './post.js';
import { rfc3339, ZERO_TIME } from './rfc3339.js';

type Texts = Readonly<Record<string, string>>;

/** Posts what an Alertmanager posts to its webhook receivers (version 4), so that those work unchanged. */
export function webhook(options: PostOptions, clock: Clock): AlertSink {
  const post = new JsonPost(options, 'webhook', clock);
  return {
    name: `webhook ${post.shown}`,
    pace: 'group',
    deliver: (message, signal) => post.send(webhookBody(message), signal),
    close: () => post.close(),
  };
}

export function webhookBody({ groupLabels, alerts }: Message): object {
  const all = alerts.map(webhookAlert);
  const group = Object.entries(groupLabels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return {
    version: '4',
    groupKey: `{}:{${group.join(', ')}}`,
    truncatedAlerts: 0,
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    receiver: 'fourlights',
    groupLabels,
    commonLabels: common(all.map(({ labels }) => labels)),
    commonAnnotations: common(all.map(({ annotations }) => annotations)),
    externalURL: '',
    alerts: all,
  };
}

function webhookAlert({ labels, annotations, status, startsAtMs, endsAtMs, flapping }: Alert) {
  return {
    status,
    labels: flapping ? { ...labels, flapping: 'true' } : labels,
    annotations,
    startsAt: rfc3339(startsAtMs),
    endsAt: endsAtMs === undefined ? ZERO_TIME : rfc3339(endsAtMs),
    generatorURL: '',
    fingerprint: fingerprint(labels),
  };
}

/** What all of them have in common. */
function common(all: readonly Texts[]): Texts {
  const [first = {}, ...others] = all;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((other) => other[name] === value)),
  );
}
