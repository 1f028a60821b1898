import type { AlertRow } from '../../../api/alerts.js';
import { h, type Piece } from '../dom.js';
import { digits, percent, seconds } from '../format.js';
import { badge, empty, loaded, panel, when } from '../pieces.js';
import type { Scene, View } from '../view.js';

interface Answer {
  readonly alerts: readonly AlertRow[];
}

const SIGNS: Readonly<Record<AlertRow['state'], string>> = {
  firing: '✕',
  recovering: '◔',
  pending: '!',
  resolved: '✓',
  inactive: '○',
};

export const alerts: View = {
  title: 'Alerts',
  asks: () => ['alerts'],
  there: ({ has }) => has.alerts,
  draw: (scene) =>
    loaded<Answer>(scene, 'alerts', ({ alerts: all }) =>
      panel(
        'Alerts',
        `${all.filter(({ state }) => state === 'firing' || state === 'recovering').length} of ${all.length} fire`,
        all.length === 0 ? empty('No rule has seen anything yet.') : alertList(all, scene),
      ),
    ),
};

export function alertList(all: readonly AlertRow[], scene: Pick<Scene, 'now'>): Piece {
  return h(
    'ul',
    { class: 'alerts' },
    all.map((alert) => item(alert, scene)),
  );
}

function item(alert: AlertRow, scene: Pick<Scene, 'now'>): Piece {
  const { name, key, severity, state, since, value, signal = '', condition, action, muted, flapping, runbook } = alert;
  const fires = state === 'firing' || state === 'recovering';
  return h(
    'li',
    { key: `${name} ${key}`, class: `alert ${state} ${severity}` },
    h(
      'div',
      { class: 'head' },
      badge(
        `${SIGNS[state]} ${state}`,
        fires ? (severity === 'critical' ? 'error' : 'slow') : state === 'pending' ? 'slow' : '',
      ),
      h('b', {}, name),
      key !== '' && h('span', {}, key),
      h('span', { class: 'hint' }, severity),
      muted && badge('muted'),
      flapping && badge('flapping'),
      h('div', { class: 'aside' }, 'since ', when(since, scene)),
    ),
    h(
      'p',
      { class: 'hint' },
      [signal, condition].filter(Boolean).join(' '),
      value !== null && ` · now ${shown(signal, value)}`,
    ),
    (fires || state === 'pending') &&
      h(
        'p',
        { class: 'action' },
        h('b', {}, 'What to do: '),
        action,
        runbook !== undefined &&
          /^https?:\/\//.test(runbook) &&
          h('a', { href: runbook, rel: 'noreferrer', target: '_blank' }, ' Runbook'),
      ),
  );
}

function shown(signal: string, value: number): string {
  if (/ratio|saturation/i.test(signal)) return percent(value);
  return /latency|seconds/i.test(signal) ? seconds(value) : digits(value, 3);
}
