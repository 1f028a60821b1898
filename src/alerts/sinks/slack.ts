import type { Clock } from '../../core/clock.js';
import type { Alert, AlertSink, Message } from './alert.js';
import { JsonPost, type PostOptions } from './post.js';

/** Of one message; Slack refuses more than 50 blocks. */
const MAX_SHOWN = 20;
/** Of one section's text. */
const MAX_TEXT = 2900;

/** Posts to an incoming webhook of Slack, or of what takes the same: Mattermost, Rocket.Chat, Discord's `/slack`. */
export function slack(options: PostOptions, clock: Clock): AlertSink {
  const post = new JsonPost(options, 'slack', clock);
  return {
    name: `slack ${post.shown}`,
    pace: 'group',
    deliver: (message, signal) => post.send(slackBody(message), signal),
    close: () => post.close(),
  };
}

/** `text` is what a notification on a phone shows; `blocks` what the channel does. */
export function slackBody({ groupLabels, alerts }: Message): object {
  const firing = alerts.filter(({ status }) => status === 'firing').length;
  const state = firing > 0 ? `FIRING ${firing}` : 'RESOLVED';
  const { alertname = '', service = '' } = groupLabels;
  const title = escaped(`[${state}] ${alertname} (${service})`);
  const shown = alerts.slice(0, MAX_SHOWN).map((alert) => section(textOf(alert)));
  const more = alerts.length - shown.length;
  const rest = more > 0 ? [section(`and ${more} more`)] : [];
  return { text: title, blocks: [section(`*${title}*`), ...shown, ...rest] };
}

function textOf({ labels, annotations, status, flapping }: Alert): string {
  const { summary = '', action = '', runbook_url } = annotations;
  const mark = status === 'resolved' ? 'resolved' : (labels['severity'] ?? '');
  const lines = [
    `*${mark}*${flapping ? ' (flapping)' : ''} ${escaped(summary)}`,
    ...(status === 'firing' ? [`What to do: ${escaped(action)}`] : []),
    ...(runbook_url === undefined ? [] : [`<${escaped(runbook_url)}|runbook>`]),
  ];
  return lines.join('\n').slice(0, MAX_TEXT);
}

function section(text: string): object {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

/** The three characters that Slack's mrkdwn gives a meaning. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
