import type { HistoryAnswer } from '../../../api/history.js';
import type { RequestsAnswer } from '../../../api/requests.js';
import type { Light } from '../../../lights.js';
import { chart, type Line } from '../chart.js';
import { errors, figure, route } from '../columns.js';
import { type Child, h, type Piece } from '../dom.js';
import { percent, rate, seconds } from '../format.js';
import { badge, empty, lamp, loaded, panel, word } from '../pieces.js';
import { link } from '../route.js';
import { table } from '../table.js';
import type { Scene, View } from '../view.js';
import { alertList } from './alerts.js';
import { requestList } from './requests.js';

const LINES: Readonly<Record<Light['name'], readonly Line[]>> = {
  latency: [
    { name: 'p50', column: 1 },
    { name: 'p95', column: 2 },
    { name: 'p99', column: 3 },
  ],
  traffic: [{ name: 'requests/s', column: 4 }],
  errors: [{ name: 'errors', column: 5 }],
  saturation: [{ name: 'fullest', column: 6 }],
};

/** What the scale reaches at the least, so that noise near nothing looks like nothing. */
const LEAST = { latency: 0.01, traffic: 1, errors: 0.02, saturation: 1 } as const;
const MORE = { latency: 'routes', traffic: 'routes', errors: 'requests', saturation: 'saturation' } as const;
const SHOWN = { seconds, 'per second': rate, ratio: percent } as const;

/** The first screen. */
export const overview: View = {
  title: 'Overview',
  asks: () => ['history', 'requests'],
  draw: (scene) => [
    h(
      'div',
      { class: 'lights' },
      scene.snapshot.lights.map((light) => card(light, scene)),
    ),
    news(scene),
    h('div', { class: 'two' }, worst(scene), busiest(scene)),
  ],
};

function card(light: Light, { store, now, redraw }: Scene): Piece {
  const { name, colour, value, unit, of, rule, action } = light;
  const shown = SHOWN[unit];
  const [figure = '', ...units] = shown(value).split(' ');
  return h(
    'section',
    { key: name, class: `panel light ${colour}`, 'aria-label': `${name}: ${word(colour)}` },
    h(
      'div',
      { class: 'head' },
      lamp(colour, true),
      h('h2', {}, h('a', { href: link(MORE[name]) }, name)),
      h('span', { class: 'word' }, word(colour)),
    ),
    h(
      'p',
      { class: 'figure' },
      figure,
      h('span', { class: 'unit' }, unit === 'per second' ? 'req/s' : units.join(' ')),
    ),
    h('p', { class: 'of' }, of),
    chart({
      name,
      history: store.get<HistoryAnswer>('history'),
      now,
      lines: LINES[name],
      shown,
      atLeast: LEAST[name],
      redraw,
    }),
    h('p', { class: 'rule' }, rule),
    (colour === 'amber' || colour === 'red') && h('p', { class: 'action' }, h('b', {}, 'What to do: '), action),
  );
}

/** Only what needs somebody's eye. */
function news({ snapshot, now }: Scene): Child {
  const { alerts, held } = snapshot;
  return [
    alerts.length > 0 && panel('Alerts', h('a', { href: link('alerts') }, 'all alerts'), alertList(alerts, { now })),
    held.length > 0 &&
      h(
        'p',
        { class: 'held' },
        'Held in this process: ',
        held.map(({ key, layer }) => [
          h('a', { href: link('flags', key) }, key),
          ' ',
          badge(layer === 'kill' ? 'killed' : layer, layer),
          ' ',
        ]),
      ),
  ];
}

function worst(scene: Scene): Piece {
  return panel(
    'Failed and slow requests',
    h('a', { href: link('requests') }, 'all kept'),
    scene.snapshot.has.traces
      ? loaded<RequestsAnswer>(scene, 'requests', ({ requests }) => {
          const some = requests.filter(({ because }) => because !== 'sampled').slice(0, 8);
          return some.length === 0 ? empty('None so far.') : requestList(some, scene);
        })
      : empty('Traces are off: observe({ traces: {} }) keeps those that fail or are slow.'),
  );
}

function busiest({ snapshot }: Scene): Piece {
  const rows = snapshot.routes.slice(0, 8);
  return panel(
    'Busiest routes',
    h('a', { href: link('routes') }, 'all routes'),
    rows.length === 0
      ? empty(`No request within the last ${snapshot.window} s.`)
      : table(rows, {
          caption: 'Busiest routes',
          key: ({ method, route }) => `${method} ${route}`,
          columns: [
            route(),
            figure('req/s', ({ perSecond }) => perSecond, rate),
            {
              name: 'p95',
              number: true,
              cell: ({ p95, count: n }) => h('span', { title: `${n} requests` }, seconds(p95)),
            },
            errors(),
          ],
        }),
  );
}
