import type { Colour } from '../../lights.js';
import { type Child, h, type Piece } from './dom.js';
import { age } from './format.js';
import type { Scene } from './view.js';

/** Colour is never alone: each has a sign and a word. */
const COLOURS: Readonly<Record<Colour, readonly [sign: string, word: string]>> = {
  green: ['✓', 'good'],
  amber: ['!', 'watch'],
  red: ['✕', 'act'],
  unknown: ['?', 'too little to say'],
};

export function lamp(colour: Colour, large = false): Piece {
  const [sign, word] = COLOURS[colour];
  return h(
    'span',
    { class: `lamp ${colour}${large ? ' large' : ''}`, role: 'img', 'aria-label': word, title: word },
    sign,
  );
}

export function word(colour: Colour): string {
  return COLOURS[colour][1];
}

/** Relative for reading, exact on hover. */
export function when(ms: number, { now }: Pick<Scene, 'now'>): Piece {
  const date = new Date(ms);
  return h('time', { datetime: date.toISOString(), title: date.toISOString() }, `${age(now - ms)} ago`);
}

export function badge(text: string, kind = ''): Piece {
  return h('span', { class: `badge ${kind}` }, text);
}

export function empty(...text: readonly Child[]): Piece {
  return h('p', { class: 'empty' }, ...text);
}

export function panel(title: string, aside: Child, ...children: readonly Child[]): Piece {
  return h(
    'section',
    { class: 'panel' },
    h('div', { class: 'head' }, h('h2', {}, title), h('div', { class: 'aside' }, aside)),
    ...children,
  );
}

/** What is there, or why there is nothing. */
export function loaded<T>(scene: Scene, path: string, draw: (data: T) => Child): Child {
  const data = scene.store.get<T>(path);
  if (data !== undefined) return draw(data);
  return empty(scene.store.problem(path) ?? 'Asking …');
}

/** How full something is, as a bar beside its number. */
export function meter(ratio: number | null, label: string): Piece {
  const colour = ratio === null ? 'unknown' : ratio > 0.95 ? 'red' : ratio > 0.8 ? 'amber' : 'green';
  return h(
    'span',
    { class: 'meter', role: 'img', 'aria-label': label },
    h('span', { class: `fill ${colour}`, css: { width: `${Math.min(100, Math.max(0, (ratio ?? 0) * 100))}%` } }),
  );
}

export function field(label: string, input: Piece): Piece {
  return h('label', { class: 'field' }, h('span', {}, label), input);
}

/** What is wanted is told at every key. */
export function search(wanted: string, tell: (wanted: string) => void): Piece {
  const on = { input: (event: Event) => tell(chosen(event)) };
  return field('Search', h('input', { type: 'search', value: wanted, on }));
}

export function chosen(event: Event): string {
  const { target } = event;
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement ? target.value : '';
}
