import { systemClock } from '../../../core/clock.js';
import type { Colour } from '../../lights.js';
import { type Child, h, type Piece } from './dom.js';
import { age } from './format.js';
import { badge, word } from './pieces.js';
import { link } from './route.js';
import type { Scene, View } from './view.js';
import { views } from './views.js';

/** What is around every view: whose figures these are, how they are, and the way to the others. */
export function frame(scene: Scene, view: View, dialog: Child): Piece[] {
  const { snapshot, store } = scene;
  document.title = `${worst(snapshot.lights.map(({ colour }) => colour))}${view.title} · ${snapshot.service}`;
  const lost =
    store.lostMs === undefined
      ? []
      : [
          h(
            'p',
            { key: 'lost', class: 'lost', role: 'alert' },
            `The service has not answered for ${age(systemClock.monotonic() - store.lostMs)}. What you see is what it said last.`,
          ),
        ];
  return [
    h('a', { class: 'skip', href: '#main', on: { click: skip } }, 'To the content'),
    h('header', {}, h('div', { class: 'top' }, brand(scene), who(scene)), list(scene, view)),
    ...lost,
    h('main', { id: 'main', tabindex: -1, 'aria-label': view.title }, view.draw(scene)),
    h(
      'footer',
      {},
      `fourlights · one process: ${snapshot.service} ${snapshot.instance} · figures of the last ${snapshot.window} s, charts of the last 15 min`,
    ),
    ...(dialog === null ? [] : [dialog as Piece]),
  ];
}

/** The four lights, small, wherever one is. */
function brand({ snapshot }: Scene): Piece {
  return h(
    'a',
    {
      class: 'brand',
      href: link(''),
      'aria-label': `fourlights, overview. ${snapshot.lights.map(({ name, colour }) => `${name}: ${word(colour)}`).join(', ')}`,
    },
    h(
      'span',
      { class: 'four', 'aria-hidden': 'true' },
      snapshot.lights.map(({ name, colour }) => h('span', { class: `dot ${colour}`, title: name })),
    ),
    h('span', {}, 'fourlights'),
  );
}

function who({ snapshot }: Scene): Piece {
  const { service, version, environment, instance, pid, uptime, window } = snapshot;
  return h(
    'p',
    { class: 'who' },
    h('b', {}, service),
    h('span', {}, version),
    badge(environment),
    h(
      'span',
      { class: 'hint', title: `instance ${instance}, process ${pid}` },
      `instance ${instance.slice(0, 12)} · up ${age(uptime * 1000)} · last ${window} s`,
    ),
  );
}

function list({ snapshot }: Scene, view: View): Piece {
  const current = view.within ?? Object.entries(views).find(([, other]) => other === view)?.[0];
  const shown = Object.entries(views).filter(
    ([, other]: [string, View]) => other.within === undefined && other.there?.(snapshot) !== false,
  );
  return h(
    'nav',
    { 'aria-label': 'Views' },
    shown.map(([name, { title }]) =>
      h(
        'a',
        { key: name || 'overview', href: link(name), 'aria-current': name === current ? 'page' : undefined },
        title,
      ),
    ),
  );
}

function worst(colours: readonly Colour[]): string {
  if (colours.includes('red')) return '✕ ';
  return colours.includes('amber') ? '! ' : '';
}

/** The address of this page stands after the #: a jump within it would leave the view. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
