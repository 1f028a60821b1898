import type { HistoryAnswer } from '../../api/history.js';
import type { Marker, Sample } from '../../history.js';
import { type Child, h, type Piece } from './dom.js';
import { clockTime, DASH } from './format.js';

const SPAN_MS = 15 * 60_000;
const WIDTH = 600;
const HEIGHT = 100;
/** Longer without a sample, and the line breaks. */
const GAP_MS = 20_000;

export interface Line {
  readonly name: string;
  /** Which column of a sample. */
  readonly column: 1 | 2 | 3 | 4 | 5 | 6;
}

export interface ChartOptions {
  readonly name: string;
  readonly history: HistoryAnswer | undefined;
  readonly now: number;
  readonly lines: readonly Line[];
  readonly shown: (value: number | null) => string;
  /** The least that the scale reaches up to. */
  readonly atLeast: number;
  readonly redraw: () => void;
}

/** What the pointer is over, by chart. */
const pointed = new Map<string, number>();

/** Fifteen minutes of one light: its lines, and what happened in between. */
export function chart(options: ChartOptions): Piece {
  const { name, now, lines, history, atLeast } = options;
  const samples = history?.samples ?? [];
  const from = now - SPAN_MS;
  const top = Math.max(atLeast, ...samples.flatMap((sample) => lines.map(({ column }) => sample[column] ?? 0))) * 1.08;
  const markers = (history?.markers ?? []).filter(({ at }) => at >= from);
  const at = pointed.get(name);
  const near = at === undefined ? undefined : nearest(samples, from + at * SPAN_MS);
  return h(
    'figure',
    { class: 'chart' },
    h(
      'div',
      {
        class: 'plot',
        role: 'img',
        'aria-label': summary(options, samples, markers),
        on: {
          pointermove: (event) => point(event, options),
          pointerleave: () => {
            pointed.delete(name);
            options.redraw();
          },
        },
      },
      h(
        'svg',
        { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
        lines.length === 1 && h('path', { class: 'area', d: area(samples, lines[0]?.column ?? 1, from, top) }),
        lines.map(({ column }, index) => h('path', { class: `line l${index}`, d: path(samples, column, from, top) })),
      ),
      markers.map((marker) => flagOf(marker, from)),
      near !== undefined && h('span', { class: 'cross', css: { left: `${share(near[0], from)}%` } }),
    ),
    h('figcaption', {}, caption(options, near, markers, at)),
  );
}

function caption(
  { lines, shown }: ChartOptions,
  near: Sample | undefined,
  markers: readonly Marker[],
  at: number | undefined,
): Child {
  if (near === undefined || at === undefined) {
    return [
      h('span', {}, '15 min ago'),
      lines.length > 1 &&
        h(
          'span',
          { class: 'legend' },
          lines.map(({ name }, index) => h('span', { class: `key l${index}` }, name)),
        ),
      h('span', {}, 'now'),
    ];
  }
  const here = markers.filter((marker) => Math.abs(marker.at - near[0]) < SPAN_MS / 60);
  return [
    h('span', {}, clockTime(near[0])),
    h(
      'span',
      {},
      lines.map(({ name, column }) => `${lines.length > 1 ? `${name} ` : ''}${shown(near[column])}`).join('  '),
    ),
    here.map(({ text }) => h('span', { class: 'note' }, text)),
  ];
}

function flagOf({ at, kind, text }: Marker, from: number): Piece {
  return h(
    'span',
    { key: `${at}`, class: `marker ${kind}`, css: { left: `${share(at, from)}%` }, title: `${clockTime(at)} ${text}` },
    h('span', { class: 'unseen' }, text),
  );
}

function point(event: Event, { name, redraw }: ChartOptions): void {
  if (!(event instanceof PointerEvent) || !(event.currentTarget instanceof Element)) return;
  const { left, width } = event.currentTarget.getBoundingClientRect();
  pointed.set(name, (event.clientX - left) / width);
  redraw();
}

function nearest(samples: readonly Sample[], at: number): Sample | undefined {
  let best: Sample | undefined;
  for (const sample of samples) {
    if (best === undefined || Math.abs(sample[0] - at) < Math.abs(best[0] - at)) best = sample;
  }
  return best;
}

function share(at: number, from: number): number {
  return Math.min(100, Math.max(0, ((at - from) / SPAN_MS) * 100));
}

function path(samples: readonly Sample[], column: Line['column'], from: number, top: number): string {
  let d = '';
  let before = Number.NEGATIVE_INFINITY;
  for (const sample of samples) {
    const value = sample[column];
    if (value === null || sample[0] < from) continue;
    const x = ((sample[0] - from) / SPAN_MS) * WIDTH;
    const y = HEIGHT - (value / top) * HEIGHT;
    d += `${sample[0] - before > GAP_MS ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    before = sample[0];
  }
  return d;
}

/** The same closed at the bottom, piece by piece. */
function area(samples: readonly Sample[], column: Line['column'], from: number, top: number): string {
  return path(samples, column, from, top)
    .split('M')
    .filter(Boolean)
    .map((piece) => {
      const points = piece.split('L');
      const first = points[0]?.split(' ')[0] ?? '0';
      const last = points.at(-1)?.split(' ')[0] ?? '0';
      return `M${first} ${HEIGHT}L${piece}L${last} ${HEIGHT}Z`;
    })
    .join('');
}

function summary({ name, lines, shown }: ChartOptions, samples: readonly Sample[], markers: readonly Marker[]): string {
  const said = lines.map(({ name: line, column }) => {
    const values = samples.map((sample) => sample[column]).filter((value) => value !== null);
    if (values.length === 0) return `${line} ${DASH}`;
    return `${line} from ${shown(Math.min(...values))} to ${shown(Math.max(...values))}, now ${shown(values.at(-1) ?? null)}`;
  });
  const happened = markers.map(({ text }) => text).join(', ');
  return `${name}, last 15 minutes: ${said.join('; ')}${happened === '' ? '' : `. Meanwhile: ${happened}`}`;
}
