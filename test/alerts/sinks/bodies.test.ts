import { describe, expect, test } from 'vitest';
import type { Alert, Message } from '../../../src/alerts/sinks/alert.js';
import { alertsBody } from '../../../src/alerts/sinks/alertmanager.js';
import { fingerprint } from '../../../src/alerts/sinks/fingerprint.js';
import { logLine } from '../../../src/alerts/sinks/log.js';
import { slackBody } from '../../../src/alerts/sinks/slack.js';
import { webhookBody } from '../../../src/alerts/sinks/webhook.js';

const at = Date.UTC(2026, 0, 1);

function alert(given: Partial<Alert> = {}): Alert {
  return {
    labels: { alertname: 'High', severity: 'critical', service: 'checkout', http_route: '/carts/:user' },
    annotations: { summary: 'errors.ratio is 12 %', action: 'roll back <now> & then', value: '12 %' },
    status: 'firing',
    startsAtMs: at,
    endsAtMs: undefined,
    flapping: false,
    ...given,
  };
}

const message = (...alerts: Alert[]): Message => ({
  groupLabels: { alertname: 'High', service: 'checkout' },
  alerts,
  atMs: at + 60_000,
});

describe("an Alertmanager's webhook body", () => {
  const other = alert({
    labels: { ...alert().labels, http_route: '/orders' },
    status: 'resolved',
    endsAtMs: at + 1000,
  });

  test('says version 4, what is common to all, and each alert with its times', () => {
    expect(webhookBody(message(alert(), other))).toEqual({
      version: '4',
      groupKey: '{}:{alertname="High", service="checkout"}',
      truncatedAlerts: 0,
      status: 'firing',
      receiver: 'fourlights',
      groupLabels: { alertname: 'High', service: 'checkout' },
      commonLabels: { alertname: 'High', severity: 'critical', service: 'checkout' },
      commonAnnotations: alert().annotations,
      externalURL: '',
      alerts: [
        expect.objectContaining({
          status: 'firing',
          startsAt: '2026-01-01T00:00:00.000Z',
          endsAt: '0001-01-01T00:00:00Z',
          generatorURL: '',
          fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        }),
        expect.objectContaining({ status: 'resolved', endsAt: '2026-01-01T00:00:01.000Z' }),
      ],
    });
  });

  test('is resolved when all of it is, and labels what flaps without making another alert of it', () => {
    const flapping = webhookBody(message({ ...other, flapping: true }));
    expect(flapping).toMatchObject({ status: 'resolved', alerts: [{ labels: { flapping: 'true' } }] });
    expect(flapping).toMatchObject({ alerts: [{ fingerprint: fingerprint(other.labels) }] });
  });
});

test('a fingerprint depends on all labels and on nothing else (that it is the real one: test/real)', () => {
  expect(fingerprint({})).toBe('cbf29ce484222325');
  expect(fingerprint({ a: 'b', c: 'd' })).toBe(fingerprint({ c: 'd', a: 'b' }));
  expect(fingerprint({ a: 'b' })).not.toBe(fingerprint({ ab: '' }));
});

describe('a body for Slack', () => {
  test('has a text for the phone, a block for each alert, and says what to do', () => {
    const body = slackBody(message(alert()));
    expect(body).toMatchObject({ text: '[FIRING 1] High (checkout)' });
    const [title, first] = (body as { blocks: { type: string; text: { type: string; text: string } }[] }).blocks;
    expect(title).toEqual({ type: 'section', text: { type: 'mrkdwn', text: '*[FIRING 1] High (checkout)*' } });
    expect(first?.text.text).toBe('*critical* errors.ratio is 12 %\nWhat to do: roll back &lt;now&gt; &amp; then');
  });

  test('has at most so many blocks, and says how many are left out', () => {
    const body = slackBody(message(...Array.from({ length: 200 }, () => alert()))) as { blocks: object[] };
    expect(body.blocks).toHaveLength(22);
    expect(body.blocks.at(-1)).toMatchObject({ text: { text: 'and 180 more' } });
  });

  test('of what has resolved it says no more what to do', () => {
    const body = slackBody(message(alert({ status: 'resolved', endsAtMs: at })));
    expect(body).toMatchObject({ text: '[RESOLVED] High (checkout)' });
    expect(JSON.stringify(body)).not.toContain('What to do');
  });
});

describe("a body for an Alertmanager's API", () => {
  test('says of what fires an end that is near, and of what has resolved the one that was', () => {
    expect(alertsBody(message(alert(), alert({ status: 'resolved', endsAtMs: at + 1000 })), 240_000)).toEqual([
      {
        labels: alert().labels,
        annotations: alert().annotations,
        startsAt: '2026-01-01T00:00:00.000Z',
        endsAt: '2026-01-01T00:05:00.000Z',
      },
      expect.objectContaining({ endsAt: '2026-01-01T00:00:01.000Z' }),
    ]);
  });

  test('never begins after it ends, though the wall clock was set back', () => {
    const [body] = alertsBody(message(alert({ startsAtMs: at + 3_600_000 })), 240_000);
    expect(body).toMatchObject({ startsAt: '2026-01-01T00:01:00.000Z', endsAt: '2026-01-01T00:05:00.000Z' });
  });

  test('flapping is no label, so that two processes make one alert', () => {
    const [body] = alertsBody(message(alert({ flapping: true })), 240_000, 'https://status.example/');
    expect(body).toMatchObject({
      labels: alert().labels,
      annotations: { flapping: 'true' },
      generatorURL: 'https://status.example/',
    });
  });
});

test('a log line is as severe as its alert, and says what to do', async () => {
  const lines: [string, object, string][] = [];
  const line = (level: string) => (fields: object, event: string) => void lines.push([level, fields, event]);
  const sink = logLine({ error: line('error'), warn: line('warn'), info: line('info') });
  const { labels } = alert();
  const signal = new AbortController().signal;
  await sink.deliver(message(alert({ flapping: true })), signal);
  await sink.deliver(message(alert({ labels: { ...labels, severity: 'warning' } })), signal);
  await sink.deliver(message(alert({ status: 'resolved', endsAtMs: at + 1000 })), signal);
  expect(lines.map(([level, , event]) => `${level} ${event}`)).toEqual([
    'error alert_firing',
    'warn alert_firing',
    'info alert_resolved',
  ]);
  expect(lines[0]?.[1]).toEqual({
    alert: 'High',
    severity: 'critical',
    ...alert().annotations,
    labels: { http_route: '/carts/:user' },
    starts_at: '2026-01-01T00:00:00.000Z',
    flapping: true,
  });
  expect(lines[2]?.[1]).toMatchObject({ ends_at: '2026-01-01T00:00:01.000Z' });
});
